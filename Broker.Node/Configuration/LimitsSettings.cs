using Broker.Actors.Hosting;

namespace Broker.Node.Configuration;

/// <summary><c>mqtt.limits</c>.</summary>
internal static class LimitsSettings
{
    /// <summary>Neither side of MQTT's two-byte integers can say more.</summary>
    private const int TwoBytes = 65_535;

    /// <summary>The largest remaining length and the fixed header before it (section 2.1.4).</summary>
    private const int LargestPacket = 268_435_460;

    /// <summary>A CONNECT with a short client id and user name still fits.</summary>
    private const int SmallestPacket = 64;

    /// <summary>1 TiB in a second: more than any network, and products of it with any time fit into 64 bits.</summary>
    private const long FastestBytes = 1L << 40;

    // Session Expiry Interval is four bytes of seconds, and the highest number means "never" (section 3.1.2.11.2).
    private static readonly TimeSpan LongestExpiry = TimeSpan.FromDays(49_710);

    public static LimitsOptions Read(SettingReader limits)
    {
        var defaults = new LimitsOptions();
        var options = new LimitsOptions
        {
            MaxConnections = limits.Number("max-connections", defaults.MaxConnections, 0, int.MaxValue),
            MaxConnectionsPerAddress = limits.Number("max-connections-per-address", defaults.MaxConnectionsPerAddress, 0, int.MaxValue),
            MaxMemory = limits.Bytes("max-memory", defaults.MaxMemory, 0, long.MaxValue),
            MaxMessageRate = limits.Number("max-message-rate", defaults.MaxMessageRate, 0, int.MaxValue),
            MaxByteRate = limits.Bytes("max-byte-rate", defaults.MaxByteRate, 0, FastestBytes),
            RateBurst = limits.Duration("rate-burst", defaults.RateBurst, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
            ConnectTimeout = limits.Duration("connect-timeout", defaults.ConnectTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
            ConnectPacketSize = limits.Bytes("connect-packet-size", defaults.ConnectPacketSize, SmallestPacket, LargestPacket),
            MaxPacketSize = limits.Bytes("max-packet-size", defaults.MaxPacketSize, SmallestPacket, LargestPacket),
            MaxQueuedMessages = limits.Number("max-queued-messages", defaults.MaxQueuedMessages, 0, int.MaxValue),
            MaxQueuedBytes = limits.Bytes("max-queued-bytes", defaults.MaxQueuedBytes, 0, long.MaxValue),
            QueueFull = limits.Choice("queue-full", defaults.QueueFull),
            MaxRetainedMessages = limits.Number("max-retained-messages", defaults.MaxRetainedMessages, 0, int.MaxValue),
            MaxRetainedBytes = limits.Bytes("max-retained-bytes", defaults.MaxRetainedBytes, 0, long.MaxValue),
            MaxSessionExpiry = limits.Duration("max-session-expiry", defaults.MaxSessionExpiry, TimeSpan.Zero, LongestExpiry, wholeSeconds: true),
            ReceiveMaximum = limits.Number("receive-maximum", defaults.ReceiveMaximum, 1, TwoBytes),
            MaxInflight = limits.Number("max-inflight", defaults.MaxInflight, 1, TwoBytes),
            TopicAliasMaximum = limits.Number("topic-alias-maximum", defaults.TopicAliasMaximum, 0, TwoBytes),
            OutboundTopicAliasMaximum = limits.Number("outbound-topic-alias-maximum", defaults.OutboundTopicAliasMaximum, 0, TwoBytes),
            MaxTopicLevels = limits.Number("max-topic-levels", defaults.MaxTopicLevels, 1, TwoBytes),
            MaxTopicLength = limits.Number("max-topic-length", defaults.MaxTopicLength, 1, TwoBytes),
            MaxSubscriptions = limits.Number("max-subscriptions", defaults.MaxSubscriptions, 0, int.MaxValue),
            MaxOutboundBuffer = limits.Bytes("max-outbound-buffer", defaults.MaxOutboundBuffer, 1_024, 1 << 30),
            MaxKeepAlive = limits.Duration(
                "max-keep-alive", defaults.MaxKeepAlive, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(TwoBytes), orZero: true, wholeSeconds: true),
            CheckPayloadFormat = limits.Flag("check-payload-format", defaults.CheckPayloadFormat),
            MaxClientIdLength = limits.Number("max-client-id-length", defaults.MaxClientIdLength, 23, TwoBytes),
        };

        if (options.ConnectPacketSize > options.MaxPacketSize)
        {
            limits.Problem(
                "connect-packet-size",
                $"must not be more than {limits.Key("max-packet-size")}, which is {ByteSize.Show(options.MaxPacketSize)}; lower this one or raise that one.");
        }

        return options;
    }
}
