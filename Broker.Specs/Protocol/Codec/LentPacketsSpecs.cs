using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>Packets that are their decoder's again once they have been handled.</summary>
public class LentPacketsSpecs
{
    private readonly PacketDecoder _decoder = new(PeerRole.Server) { Version = ProtocolVersion.V311, Lends = true };

    [Fact]
    public void One_that_was_given_back_is_the_next_one()
    {
        var first = Decode("30 04 <a> 31");
        first.IsLent.Should().BeTrue();
        first.GiveBack();

        var second = (PublishPacket)Decode("30 04 <b> 32");

        second.Should().BeSameAs(first);
        (second.Topic, second.Payload.Span[0]).Should().Be(("b", (byte)'2'));
    }

    [Fact]
    public void One_that_was_given_back_says_nothing_any_more()
    {
        var publish = (PublishPacket)Decode("30 04 <a> 31");
        var acknowledgement = (PubAckPacket)Decode("40 02 0007");
        publish.GiveBack();
        acknowledgement.GiveBack();

        (publish.Topic, publish.Payload.Length, acknowledgement.PacketId).Should().Be(("", 0, (ushort)0));
    }

    [Fact]
    public void While_one_is_lent_the_next_is_another()
    {
        var outer = (PublishPacket)Decode("30 04 <a> 31");

        var inner = (PublishPacket)Decode("30 04 <b> 32");

        inner.Should().NotBeSameAs(outer);
        (outer.Topic, outer.Payload.Span[0]).Should().Be(("a", (byte)'1'));
    }

    [Theory]
    [InlineData("34 06 <a> 0001 31", "a QoS 2 publish waits for its number")]
    [InlineData("C0 00", "one PINGREQ is like another")]
    public void Others_stay(string bytes, string why)
    {
        var packet = Decode(bytes, PeerRole.Client);
        packet.GiveBack();

        packet.IsLent.Should().BeFalse(why);
        (packet as PublishPacket)?.Topic.Should().Be("a");
    }

    [Fact]
    public void An_acknowledgement_with_a_reason_stays()
    {
        var decoder = new PacketDecoder(PeerRole.Server) { Version = ProtocolVersion.V5, Lends = true };
        decoder.TryDecode(Wire.Bytes("40 03 0001 10"), out var packet, out _).Should().BeTrue();

        packet!.IsLent.Should().BeFalse();
    }

    private Packet Decode(string bytes, PeerRole peer = PeerRole.Server)
    {
        var decoder = peer == PeerRole.Server ? _decoder : CodecHarness.Decoder(peer, ProtocolVersion.V311);
        decoder.TryDecode(Wire.Bytes(bytes), out var packet, out _).Should().BeTrue();
        return packet!;
    }
}
