using Broker.Actors.Hosting;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections;

/// <summary>A payload that is said to be text (section 3.3.2.3.2).</summary>
public sealed class PayloadFormatSpecs
{
    private static readonly byte[] Text = "naïve"u8.ToArray();
    private static readonly byte[] Broken = [0xC3, 0x28];

    private readonly TestBroker _broker = new(new LimitsOptions { CheckPayloadFormat = true });

    [Fact]
    public void Is_refused_in_the_acknowledgement_where_it_is_none()
    {
        var client = _broker.Connect("c");

        client.Send(Publish(1, QualityOfService.AtLeastOnce, Broken), Publish(2, QualityOfService.ExactlyOnce, Broken), Publish(3, QualityOfService.AtLeastOnce, Text));
        _broker.Run();

        client.Next<PubAckPacket>().ReasonCode.Should().Be(ReasonCode.PayloadFormatInvalid);
        client.Next<PubRecPacket>().ReasonCode.Should().Be(ReasonCode.PayloadFormatInvalid);
        client.Next<PubAckPacket>().ReasonCode.Should().Be(ReasonCode.NoMatchingSubscribers);
    }

    [Fact]
    public void Ends_the_connection_at_QoS_0()
    {
        var client = _broker.Connect("c");

        client.Send(Publish(0, QualityOfService.AtMostOnce, Broken));
        _broker.Run();

        client.Next<DisconnectPacket>().ReasonCode.Should().Be(ReasonCode.PayloadFormatInvalid);
    }

    [Fact]
    public void Refuses_a_CONNECT_whose_will_has_it()
    {
        var client = _broker.Open();

        client.Send(new ConnectPacket
        {
            Version = ProtocolVersion.V5,
            ClientId = "c",
            Will = new WillMessage { Topic = "w", Payload = Broken, Properties = new PublishProperties { PayloadIsUtf8 = true } },
        });
        _broker.Run();

        client.Next<ConnAckPacket>().ReasonCode.Should().Be(ReasonCode.PayloadFormatInvalid);
    }

    [Fact]
    public void Bytes_and_what_says_nothing_are_not_looked_at()
    {
        var client = _broker.Connect("c");

        client.Send(
            Publish(1, QualityOfService.AtLeastOnce, Broken, isText: false), Publish(2, QualityOfService.AtLeastOnce, Broken, isText: null));
        _broker.Run();

        client.Next<PubAckPacket>().ReasonCode.Should().Be(ReasonCode.NoMatchingSubscribers);
        client.Next<PubAckPacket>().ReasonCode.Should().Be(ReasonCode.NoMatchingSubscribers);
    }

    [Fact]
    public void Nor_is_anything_where_it_is_not_asked_for()
    {
        var broker = new TestBroker();
        var client = broker.Connect("c");

        client.Send(Publish(1, QualityOfService.AtLeastOnce, Broken));
        broker.Run();

        client.Next<PubAckPacket>().ReasonCode.Should().Be(ReasonCode.NoMatchingSubscribers);
    }

    private static PublishPacket Publish(ushort packetId, QualityOfService qos, byte[] payload, bool? isText = true) => new()
    {
        Topic = "t",
        Payload = payload,
        QoS = qos,
        PacketId = packetId,
        Properties = new PublishProperties { PayloadIsUtf8 = isText },
    };
}
