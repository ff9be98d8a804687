using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Support;

/// <summary>Packets as the transport lends them to handlers.</summary>
internal static class LentPacketExtensions
{
    /// <summary>One that stays, where this one does not.</summary>
    public static Packet Kept(this Packet packet) => packet switch
    {
        PublishPacket { IsLent: true } publish => new PublishPacket
        {
            Topic = publish.Topic,
            Payload = publish.Payload.ToArray(),
            QoS = publish.QoS,
            Retain = publish.Retain,
            Duplicate = publish.Duplicate,
            PacketId = publish.PacketId,
            TopicAlias = publish.TopicAlias,
            Properties = publish.Properties,
        },
        AcknowledgementPacket { IsLent: true } acknowledgement => acknowledgement.Type switch
        {
            PacketType.PubAck => new PubAckPacket { PacketId = acknowledgement.PacketId },
            PacketType.PubRec => new PubRecPacket { PacketId = acknowledgement.PacketId },
            PacketType.PubRel => new PubRelPacket { PacketId = acknowledgement.PacketId },
            _ => new PubCompPacket { PacketId = acknowledgement.PacketId },
        },
        _ => packet,
    };

    /// <summary>The same packet as a client's decoder lends it; it itself where decoders do not lend such.</summary>
    public static Packet Lent(this Packet packet, ProtocolVersion version)
    {
        if (packet is not (PublishPacket or AcknowledgementPacket { ReasonCode: ReasonCode.Success, ReasonString: null, UserProperties.Count: 0 }))
        {
            return packet;
        }

        var output = new System.Buffers.ArrayBufferWriter<byte>();
        PacketEncoder.Write(output, packet, version);
        // From a server: it takes what comes first, whatever it is.
        var decoder = new PacketDecoder(PeerRole.Server) { Lends = true, Version = version, MaximumPacketSize = int.MaxValue };
        decoder.TryDecode(output.WrittenSpan, out var lent, out _).Should().BeTrue();
        return lent!;
    }
}
