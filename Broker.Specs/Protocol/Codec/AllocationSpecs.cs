using System.Buffers;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;
using Broker.Specs.Support;

namespace Broker.Specs.Protocol.Codec;

/// <summary>What the hot paths allocate, to the byte; and that hostile lengths make nobody allocate.</summary>
public class AllocationSpecs
{
    private const int Rounds = 1_000;
    private static Packet? _kept;
    private static byte[]? _array;

    [Theory]
    [InlineData(ProtocolVersion.V311, QualityOfService.AtMostOnce)]
    [InlineData(ProtocolVersion.V311, QualityOfService.AtLeastOnce)]
    [InlineData(ProtocolVersion.V5, QualityOfService.AtMostOnce)]
    [InlineData(ProtocolVersion.V5, QualityOfService.ExactlyOnce)]
    public void Decoding_a_PUBLISH_allocates_the_packet_and_its_payload(ProtocolVersion version, QualityOfService qos)
    {
        var packet = new PublishPacket
        {
            Topic = "sensor/42/Wärme",
            Payload = new byte[64],
            QoS = qos,
            PacketId = qos == QualityOfService.AtMostOnce ? (ushort)0 : (ushort)7,
        };
        var expected = AllocatedBy(() =>
        {
            _array = new byte[64];
            _kept = new PublishPacket { Topic = packet.Topic, Payload = _array };
        });

        AllocatedByDecoding(version, CodecHarness.Encode(packet, version)).Should().Be(expected);
    }

    [Theory]
    [InlineData(ProtocolVersion.V311, QualityOfService.AtMostOnce, 4_096, 0)]
    [InlineData(ProtocolVersion.V5, QualityOfService.AtMostOnce, 64, 0)]
    [InlineData(ProtocolVersion.V311, QualityOfService.AtMostOnce, 4_097, 4_128)]
    [InlineData(ProtocolVersion.V311, QualityOfService.AtLeastOnce, 64, 88)]
    [InlineData(ProtocolVersion.V5, QualityOfService.AtLeastOnce, 64, 88)]
    public void A_PUBLISH_that_is_lent_allocates_its_payload_above_QoS_0_or_4_KiB_and_nothing_else(
        ProtocolVersion version, QualityOfService qos, int payload, int expected)
    {
        var packet = new PublishPacket { Topic = "sensor/42", Payload = new byte[payload], QoS = qos, PacketId = (ushort)(qos == QualityOfService.AtMostOnce ? 0 : 7) };

        AllocatedByDecoding(version, CodecHarness.Encode(packet, version), lends: true).Should().Be(expected * Rounds);
    }

    [Theory]
    [InlineData("40 02 0001")]
    [InlineData("50 02 0001")]
    [InlineData("62 02 0001")]
    [InlineData("70 02 0001")]
    public void A_bare_acknowledgement_that_is_lent_allocates_nothing(string bytes) =>
        AllocatedByDecoding(ProtocolVersion.V5, Wire.Bytes(bytes), lends: true).Should().Be(0);

    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V5)]
    public void Decoding_a_bare_acknowledgement_allocates_one_small_object(ProtocolVersion version)
    {
        var expected = AllocatedBy(() => _kept = new PubAckPacket { PacketId = 1 });

        expected.Should().BeLessThanOrEqualTo(40 * Rounds);
        foreach (var bytes in (string[])["40 02 0001", "50 02 0001", "62 02 0001", "70 02 0001"])
        {
            AllocatedByDecoding(version, Wire.Bytes(bytes)).Should().Be(expected);
        }
    }

    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V5)]
    public void Decoding_PINGREQ_allocates_nothing(ProtocolVersion version) =>
        AllocatedByDecoding(version, Wire.Bytes("C0 00")).Should().Be(0);

    [Fact]
    public void Waiting_for_more_bytes_allocates_nothing()
    {
        AllocatedByDecoding(ProtocolVersion.V5, Wire.Bytes("30 FF 7F 00"), complete: false).Should().Be(0);
        AllocatedByDecoding(ProtocolVersion.V5, Wire.Bytes("30 FF FF FF 7F"), complete: false).Should().Be(0);
    }

    [Theory]
    [InlineData("82 0E 0001 FF FF FF 7F <a> 00 0000 0000", "a property length of 256 MB")]
    [InlineData("82 06 0001 00 FF FF 61", "a string of 64 KB")]
    [InlineData("32 06 FF FF 61 62 63 64", "a topic of 64 KB")]
    [InlineData("40 08 0001 00 04 1F FF FF 61", "a property of 64 KB")]
    public void A_hostile_length_within_a_packet_costs_an_exception_and_no_more(string bytes, string why)
    {
        var packet = Wire.Bytes(bytes);
        var decoder = CodecHarness.Decoder(PeerRole.Client, ProtocolVersion.V5);
        CodecHarness.Refusal(decoder, packet);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            decoder.TryDecode(packet, out _, out _);
        }
        catch (MqttProtocolException)
        {
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(16_384, why);
            return;
        }

        Assert.Fail("not refused");
    }

    [Theory]
    [InlineData("82", "0001 00", "0001 61 00", "")]
    [InlineData("A2", "0001 00", "0001 61", "")]
    [InlineData("82", "0001 A0 9C 01", "26 0000 0000", "<a> 00")]
    [InlineData("40", "0001 00 A0 9C 01", "26 0000 0000", "")]
    [InlineData("40", "0001 00 A0 9C 01", "26 0000 0000", "FF")]
    public void The_densest_packets_take_a_small_multiple_of_their_bytes(string first, string before, string element, string after)
    {
        var packet = Wire.Packet(first, before + string.Concat(Enumerable.Repeat(element, 4_000)) + after);
        var decoder = CodecHarness.Decoder(PeerRole.Client, ProtocolVersion.V5);
        var start = GC.GetAllocatedBytesForCurrentThread();
        var decode = () => decoder.TryDecode(packet, out _, out _);
        if (after == "FF")
        {
            decode.Should().Throw<MqttProtocolException>();
        }
        else
        {
            decode().Should().BeTrue();
        }

        (GC.GetAllocatedBytesForCurrentThread() - start).Should().BeLessThan((40 * packet.Length) + 65_536);
    }

    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V5)]
    public void Encoding_allocates_nothing(ProtocolVersion version)
    {
        var output = new ArrayBufferWriter<byte>(65_536);
        var properties = new PublishProperties { ContentType = "text", UserProperties = [new UserProperty("k", "v")] };
        uint[] identifiers = [1, 2];
        var payload = new byte[64];
        var connAck = new ConnAckPacket { ReasonString = "why" };
        var subAck = new SubAckPacket { PacketId = 1, ReasonCodes = [ReasonCode.GrantedQoS1] };
        AllocatedBy(() =>
        {
            output.ResetWrittenCount();
            PublishEncoder.GetSize("a/b", payload, QualityOfService.AtLeastOnce, false, false, 1, 2, identifiers, properties, 5, version);
            PublishEncoder.Write(output, "a/b", payload, QualityOfService.AtLeastOnce, false, false, 1, 2, identifiers, properties, 5, version);
            AcknowledgementEncoder.Write(output, PacketType.PubAck, 1, ReasonCode.NotAuthorized, version);
            PacketEncoder.Write(output, connAck, version);
            PacketEncoder.Write(output, subAck, version);
            PacketEncoder.Write(output, PingRespPacket.Instance, version);
        }).Should().Be(0);
    }

    private static long AllocatedByDecoding(ProtocolVersion version, byte[] bytes, bool complete = true, bool lends = false)
    {
        // A decoder that lends is one for a server's packets here: those of a client begin with CONNECT.
        var decoder = lends
            ? new PacketDecoder(PeerRole.Server) { Version = version, MaximumPacketSize = int.MaxValue, Lends = true }
            : CodecHarness.Decoder(PeerRole.Client, version, int.MaxValue);
        decoder.TryDecode(bytes, out _, out _).Should().Be(complete);
        return AllocatedBy(() =>
        {
            decoder.TryDecode(bytes, out var packet, out _);
            _kept = packet;
            packet?.GiveBack();
        });
    }

    private static long AllocatedBy(Action action) => Allocations.Of(Rounds, action);
}
