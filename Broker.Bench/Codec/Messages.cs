using Broker.Protocol.Packets;

namespace Broker.Bench.Codec;

/// <summary>What the codec's benchmarks send.</summary>
internal static class Messages
{
    public static PublishPacket Publish(int payload, bool properties) => new()
    {
        Topic = "site/7/sensor/42/temperature",
        Payload = new byte[payload],
        QoS = QualityOfService.AtLeastOnce,
        PacketId = 1,
        Properties = properties
            ? new PublishProperties
            {
                MessageExpiryInterval = 60,
                ContentType = "application/json",
                UserProperties = [new UserProperty("origin", "bench")],
            }
            : null,
    };
}
