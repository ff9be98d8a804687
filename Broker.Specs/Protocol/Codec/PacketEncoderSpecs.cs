using System.Buffers;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>What a version cannot express is translated, left out, or refused.</summary>
public class PacketEncoderSpecs
{
    private static readonly UserProperty[] Users = [new("k", "v")];

    [Theory]
    [InlineData(ReasonCode.Success, 0)]
    [InlineData(ReasonCode.UnsupportedProtocolVersion, 1)]
    [InlineData(ReasonCode.ClientIdentifierNotValid, 2)]
    [InlineData(ReasonCode.ServerUnavailable, 3)]
    [InlineData(ReasonCode.ServerBusy, 3)]
    [InlineData(ReasonCode.QuotaExceeded, 3)]
    [InlineData(ReasonCode.ConnectionRateExceeded, 3)]
    [InlineData(ReasonCode.UnspecifiedError, 3)]
    [InlineData(ReasonCode.UseAnotherServer, 3)]
    [InlineData(ReasonCode.BadUserNameOrPassword, 4)]
    [InlineData(ReasonCode.NotAuthorized, 5)]
    [InlineData(ReasonCode.Banned, 5)]
    [InlineData(ReasonCode.BadAuthenticationMethod, 5)]
    public void CONNACK_of_MQTT_3_has_return_codes(ReasonCode code, byte expected)
    {
        var packet = new ConnAckPacket { ReasonCode = code, SessionPresent = true, ReasonString = "why", UserProperties = Users };

        CodecHarness.Encode(packet, ProtocolVersion.V311)
            .Should().Equal(0x20, 2, code == ReasonCode.Success ? (byte)1 : (byte)0, expected);
        CodecHarness.Encode(packet, ProtocolVersion.V31).Should().Equal(0x20, 2, 0, expected);
    }

    [Fact]
    public void A_refusal_never_has_a_session_present() =>
        CodecHarness.Encode(new ConnAckPacket { ReasonCode = ReasonCode.Banned, SessionPresent = true }, ProtocolVersion.V5)
            .Should().Equal(0x20, 3, 0, 0x8A, 0);

    [Fact]
    public void Maximum_QoS_2_is_said_by_silence() =>
        CodecHarness.Encode(new ConnAckPacket { MaximumQoS = QualityOfService.ExactlyOnce }, ProtocolVersion.V5)
            .Should().Equal(0x20, 3, 0, 0, 0);

    [Theory]
    [InlineData(ProtocolVersion.V31)]
    [InlineData(ProtocolVersion.V311)]
    public void MQTT_3_has_one_code_for_a_refused_subscription_and_no_properties(ProtocolVersion version)
    {
        ReasonCode[] codes = [ReasonCode.GrantedQoS1, ReasonCode.UnspecifiedError, ReasonCode.NotAuthorized, ReasonCode.TopicFilterInvalid];

        CodecHarness.Encode(new SubAckPacket { PacketId = 1, ReasonCodes = codes, ReasonString = "why", UserProperties = Users }, version)
            .Should().Equal(0x90, 6, 0, 1, 1, 0x80, 0x80, 0x80);
        CodecHarness.Encode(new UnsubAckPacket { PacketId = 1, ReasonCodes = [ReasonCode.NotAuthorized], ReasonString = "why" }, version)
            .Should().Equal(0xB0, 2, 0, 1);
        CodecHarness.Encode(new PubAckPacket { PacketId = 1, ReasonCode = ReasonCode.NotAuthorized, ReasonString = "why" }, version)
            .Should().Equal(0x40, 2, 0, 1);
        CodecHarness.Encode(
                new SubscribePacket
                {
                    PacketId = 1,
                    SubscriptionIdentifier = 5,
                    Subscriptions = [new("a", QualityOfService.AtLeastOnce, NoLocal: true, RetainAsPublished: true)],
                },
                version)
            .Should().Equal(Wire.Bytes("82 06 0001 <a> 01"));
    }

    [Fact]
    public void What_does_not_exist_in_MQTT_3_is_refused()
    {
        Packet[] packets =
        [
            new AuthPacket { ReasonCode = ReasonCode.ContinueAuthentication, AuthenticationMethod = "m" },
            new DisconnectPacket { ReasonCode = ReasonCode.ServerShuttingDown },
            new PublishPacket { Topic = string.Empty, TopicAlias = 1 },
            new ConnectPacket { Version = ProtocolVersion.V311, ClientId = "c", Password = new byte[1] },
        ];
        foreach (var packet in packets)
        {
            RefusesToEncode(packet, ProtocolVersion.V31);
            RefusesToEncode(packet, ProtocolVersion.V311);
            CodecHarness.Encode(packet, ProtocolVersion.V5).Should().NotBeEmpty();
        }
    }

    [Fact]
    public void What_is_too_long_for_MQTT_is_refused_before_anything_is_written()
    {
        var tooLong = new string('x', 65_536);
        Packet[] packets =
        [
            new PublishPacket { Topic = tooLong },
            new PublishPacket { Topic = string.Empty },
            new PublishPacket { Topic = "t", Properties = new PublishProperties { ContentType = tooLong } },
            new PublishPacket { Topic = "t", Properties = new PublishProperties { CorrelationData = new byte[65_536] } },
            new PublishPacket { Topic = "t", SubscriptionIdentifiers = [0] },
            new PublishPacket { Topic = "t", SubscriptionIdentifiers = [268_435_456] },
            new PublishPacket { Topic = "t", Payload = new byte[268_435_455] },
            new ConnAckPacket { ReasonString = tooLong },
        ];
        foreach (var packet in packets)
        {
            RefusesToEncode(packet, ProtocolVersion.V5);
        }

        CodecHarness.Encode(new PublishPacket { Topic = new string('x', 65_535) }, ProtocolVersion.V5).Length.Should().Be(65_542);
    }

    private static void RefusesToEncode(Packet packet, ProtocolVersion version)
    {
        var output = new ArrayBufferWriter<byte>();
        var size = () => PacketEncoder.GetSize(packet, version);
        var write = () => PacketEncoder.Write(output, packet, version);
        size.Should().Throw<InvalidOperationException>();
        write.Should().Throw<InvalidOperationException>();
        output.WrittenCount.Should().Be(0);
    }
}
