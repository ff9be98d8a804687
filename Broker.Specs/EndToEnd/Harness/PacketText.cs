using System.Text;
using Broker.Protocol.Packets;

namespace Broker.Specs.EndToEnd.Harness;

/// <summary>Packets in words.</summary>
internal static class PacketText
{
    /// <summary>The payload as UTF-8.</summary>
    public static string Text(this PublishPacket publish) => Encoding.UTF8.GetString(publish.Payload.Span);

    /// <summary>One line for a failure message.</summary>
    public static string Describe(this Packet packet) => packet switch
    {
        PublishPacket publish =>
            $"PUBLISH {publish.Topic} QoS {(int)publish.QoS} id {publish.PacketId}{(publish.Duplicate ? " DUP" : "")}"
            + $"{(publish.Retain ? " RETAIN" : "")} {publish.Payload.Length} bytes: {Shortened(publish.Text())}",
        ConnAckPacket answer => $"CONNACK {answer.ReasonCode} session present: {answer.SessionPresent} {answer.ReasonString}",
        DisconnectPacket disconnect => $"DISCONNECT {disconnect.ReasonCode} {disconnect.ReasonString}",
        AcknowledgementPacket answer => $"{packet.Type} id {answer.PacketId} {answer.ReasonCode} {answer.ReasonString}",
        SubAckPacket answer => $"SUBACK id {answer.PacketId} {string.Join(", ", answer.ReasonCodes)}",
        UnsubAckPacket answer => $"UNSUBACK id {answer.PacketId} {string.Join(", ", answer.ReasonCodes)}",
        _ => packet.Type.ToString(),
    };

    private static string Shortened(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
