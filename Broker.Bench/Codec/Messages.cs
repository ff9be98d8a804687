using Broker.Protocol.Packets;

namespace Broker.Bench.Codec;

/// <summary>What a benchmark's PUBLISH looks like.</summary>
public enum MessageKind
{
    /// <summary>MQTT 3.1.1.</summary>
    V311,

    /// <summary>MQTT 5 without properties.</summary>
    V5,

    /// <summary>MQTT 5 with expiry, content type and a user property.</summary>
    V5WithProperties,
}

/// <summary>What the codec's benchmarks send.</summary>
internal static class Messages
{
    public static ProtocolVersion Version(MessageKind kind) =>
        kind == MessageKind.V311 ? ProtocolVersion.V311 : ProtocolVersion.V5;

    public static PublishPacket Publish(int payload, MessageKind kind) => new()
    {
        Topic = "site/7/sensor/42/temperature",
        Payload = new byte[payload],
        QoS = QualityOfService.AtLeastOnce,
        PacketId = 1,
        Properties = kind == MessageKind.V5WithProperties
            ? new PublishProperties
            {
                MessageExpiryInterval = 60,
                ContentType = "application/json",
                UserProperties = [new UserProperty("origin", "bench")],
            }
            : null,
    };
}
