using System.Globalization;
using System.Text;
using Broker.Actors.Connections;
using Broker.Actors.Retained;
using Broker.Actors.Routing;

namespace Broker.Actors.Hosting;

/// <summary>
/// The node's totals under <c>$SYS/broker</c>, with Mosquitto's names where it has them. They are this node's own: kept as retained messages in its
/// copy alone, never stored.
/// </summary>
internal sealed class SysPublisher(NodeParts parts, BrokerOptions options, TimeProvider time)
{
    private readonly Dictionary<string, string> _last = new(StringComparer.Ordinal);
    private readonly long _startedAt = time.GetTimestamp();
    private readonly Lock _gate = new();
    private int _mostConnected;

    /// <summary>Publishes what has changed.</summary>
    public void Publish()
    {
        // A timer fires again even where the last run is not done.
        lock (_gate)
        {
            Set("version", $"Akka.Mqtt {options.Version}");
            Set("uptime", $"{(long)time.GetElapsedTime(_startedAt).TotalSeconds} seconds");
            PublishClients();
            PublishMessages();
            Set("subscriptions/count", parts.Context.Routes.Tree.Count);
            Set("retained messages/count", parts.Context.RetainedCopy.Count);
            Set("heap/current", GC.GetTotalMemory(forceFullCollection: false));
        }
    }

    private void PublishClients()
    {
        var connected = parts.Context.Directory.All.Count(static connection => connection.IsConnected);
        var durable = parts.Sessions.DurableSessionCount;
        var offline = Math.Max(0, durable - parts.Context.Directory.All.Count(static connection => connection.IsConnected && connection.IsDurable));
        Set("clients/connected", connected);
        _mostConnected = Math.Max(_mostConnected, connected);
        Set("clients/maximum", _mostConnected);
        Set("clients/active", connected);
        Set("clients/disconnected", offline);
        Set("clients/inactive", offline);
        Set("clients/total", connected + offline);
    }

    private void PublishMessages()
    {
        long received = 0, sent = 0, publishReceived = 0, publishSent = 0, bytesReceived = 0, bytesSent = 0;
        var dropped = new long[Enum.GetValues<DropReason>().Length];
        foreach (var loop in parts.Context.Loops.All)
        {
            var counters = loop.Counters;
            received += Volatile.Read(ref counters.PacketsReceived);
            sent += Volatile.Read(ref counters.PacketsSent);
            publishReceived += Volatile.Read(ref counters.PublishReceived);
            publishSent += Volatile.Read(ref counters.PublishSent);
            bytesReceived += Volatile.Read(ref counters.BytesReceived);
            bytesSent += Volatile.Read(ref counters.BytesSent);
            foreach (var reason in Enum.GetValues<DropReason>())
            {
                dropped[(int)reason] += counters.Dropped(reason);
            }
        }

        Set("bytes/received", bytesReceived);
        Set("bytes/sent", bytesSent);
        Set("messages/received", received);
        Set("messages/sent", sent);
        Set("publish/messages/received", publishReceived);
        Set("publish/messages/sent", publishSent);
        foreach (var reason in Enum.GetValues<DropReason>())
        {
            dropped[(int)reason] += parts.Sessions.Dropped[reason];
            Set($"publish/messages/dropped/{Name(reason)}", dropped[(int)reason]);
        }

        Set("publish/messages/dropped", dropped.Sum());
    }

    private static string Name(DropReason reason) => reason switch
    {
        DropReason.QueueFull => "queue-full",
        DropReason.SlowConsumer => "slow-consumer",
        DropReason.PacketTooLarge => "packet-too-large",
        DropReason.Expired => "expired",
        DropReason.SessionEnded => "session-ended",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    private void Set(string name, long value) => Set(name, value.ToString(CultureInfo.InvariantCulture));

    private void Set(string name, string value)
    {
        if (_last.TryGetValue(name, out var last) && last == value)
        {
            return;
        }

        _last[name] = value;
        var topic = "$SYS/broker/" + name;
        var publication = new Publication { Topic = topic, Payload = Encoding.UTF8.GetBytes(value), Retain = false };
        parts.Context.RetainedCopy.Apply(new RetainedMessage(publication, WriteNumber: 0));
        parts.Publish(publication);
    }
}
