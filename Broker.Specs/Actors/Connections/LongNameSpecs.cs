using Broker.Actors.Security;
using Broker.Protocol.Packets;
using Broker.Specs.Support;

namespace Broker.Specs.Actors.Connections;

/// <summary>Names as long as MQTT allows: what the broker says of them, to the client and in the log, is short, and always can be said.</summary>
public sealed class LongNameSpecs
{
    private const int ALine = 600;
    private static readonly string Long = new('x', 65_500);

    private readonly RecordingLogger _log = new();

    [Fact]
    public void An_authentication_method_that_is_not_known()
    {
        var broker = new TestBroker(logger: _log);
        var channel = broker.Open();

        channel.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c", AuthenticationMethod = Long });
        broker.Run();

        var answer = channel.Next<ConnAckPacket>();
        answer.ReasonCode.Should().Be(ReasonCode.BadAuthenticationMethod);
        answer.ReasonString!.Length.Should().BeLessThan(ALine);
        ExpectShortLines();
    }

    [Fact]
    public void A_will_that_a_rule_denies()
    {
        var broker = Denying();
        var channel = broker.Open();

        channel.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c", Will = new WillMessage { Topic = Long, Payload = default } });
        broker.Run();

        channel.Next<ConnAckPacket>().ReasonCode.Should().Be(ReasonCode.NotAuthorized);
        ExpectShortLines();
    }

    [Fact]
    public void A_topic_and_a_filter_that_a_rule_denies()
    {
        var broker = Denying();
        var channel = broker.Connect("c");

        channel.Send(
            Packets.Publish(Long),
            Packets.Publish1(1, Long),
            new SubscribePacket { PacketId = 2, Subscriptions = [new SubscriptionRequest(Long, QualityOfService.AtMostOnce)] });
        broker.Run();

        channel.Next<PubAckPacket>().ReasonCode.Should().Be(ReasonCode.NotAuthorized);
        channel.Next<SubAckPacket>().ReasonCodes.Should().Equal(ReasonCode.NotAuthorized);
        ExpectShortLines();
    }

    [Fact]
    public void A_client_id_and_a_user_name()
    {
        var broker = new TestBroker(logger: _log);
        var channel = broker.Connect(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = Long, UserName = Long });
        channel.Send(new DisconnectPacket());
        broker.Run();

        _log.Lines.Should().HaveCount(2);
        ExpectShortLines();
    }

    private TestBroker Denying() => new(logger: _log, access: new AccessControl(new AccessPolicy([], isAllowedOtherwise: false), isOpen: false));

    private void ExpectShortLines() => _log.Lines.Should().NotBeEmpty().And.OnlyContain(line => line.Length < ALine);
}
