using System.Text;
using Broker.Actors.Routing;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections;

/// <summary>Short ways to write packets and messages.</summary>
internal static class Packets
{
    public static PublishPacket Publish(
        string topic, string payload = "x", QualityOfService qos = QualityOfService.AtMostOnce, ushort packetId = 0, bool retain = false) =>
        new() { Topic = topic, Payload = Encoding.UTF8.GetBytes(payload), QoS = qos, PacketId = packetId, Retain = retain };

    public static PublishPacket Publish1(ushort packetId, string topic, string payload = "x") =>
        Publish(topic, payload, QualityOfService.AtLeastOnce, packetId);

    public static PublishPacket Publish2(ushort packetId, string topic, string payload = "x") =>
        Publish(topic, payload, QualityOfService.ExactlyOnce, packetId);

    public static Publication Message(
        string topic, string payload = "x", QualityOfService qos = QualityOfService.AtMostOnce, bool retain = false) =>
        new() { Topic = topic, Payload = Encoding.UTF8.GetBytes(payload), QoS = qos, Retain = retain };

    public static string Text(this Publication publication) => Encoding.UTF8.GetString(publication.Payload.Span);
}
