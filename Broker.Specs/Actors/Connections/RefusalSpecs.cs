using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Actors.Security;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Security;

namespace Broker.Specs.Actors.Connections;

/// <summary>Each connection that does not become a client's is counted once, by why.</summary>
public sealed class RefusalSpecs
{
    private static readonly ConnectPacket Connect = new() { Version = ProtocolVersion.V5, ClientId = "client" };

    [Theory]
    [InlineData(ReasonCode.NotAuthorized, "authentication")]
    [InlineData(ReasonCode.BadUserNameOrPassword, "authentication")]
    [InlineData(ReasonCode.ServerBusy, "unavailable")]
    [InlineData(ReasonCode.ServerUnavailable, "unavailable")]
    public void What_the_authenticator_says_counts(ReasonCode refusal, string counted)
    {
        var broker = new TestBroker(authenticator: new FixedAuthenticator(ValueTask.FromResult(new AuthenticationResult(refusal))));

        broker.Open().Send(Connect);
        broker.Run();

        Counted(broker).Should().Equal((counted, 1));
    }

    [Fact]
    public void A_first_packet_that_is_none_is_invalid()
    {
        var broker = new TestBroker();

        broker.Open().SendMalformed(ReasonCode.MalformedPacket);

        Counted(broker).Should().Equal(("invalid", 1));
    }

    [Fact]
    public void A_client_id_that_is_too_long_is_invalid()
    {
        var broker = new TestBroker(new LimitsOptions { MaxClientIdLength = 3 });

        broker.Open().Send(Connect);

        Counted(broker).Should().Equal(("invalid", 1));
    }

    [Fact]
    public void Who_says_nothing_is_late()
    {
        var broker = new TestBroker(new LimitsOptions { ConnectTimeout = TimeSpan.FromSeconds(10) });
        broker.Open();

        broker.Pass(TimeSpan.FromSeconds(11));

        Counted(broker).Should().Equal(("connect-timeout", 1));
    }

    [Fact]
    public void One_more_than_there_may_be_is_over_the_limit()
    {
        var broker = new TestBroker(new LimitsOptions { MaxConnections = 1 });
        broker.Connect("first");

        broker.Open().Send(Connect);

        Counted(broker).Should().Equal(("max-connections", 1));
    }

    [Fact]
    public void Who_is_sent_elsewhere_is_redirected()
    {
        var broker = new TestBroker(redirect: new RedirectOptions { ServerReference = "elsewhere:1883", Connects = RedirectConnects.UseAnotherServer });

        broker.Open().Send(Connect);

        Counted(broker).Should().Equal(("redirected", 1));
    }

    [Fact]
    public void A_will_that_a_rule_denies_is_counted_as_that()
    {
        var broker = new TestBroker(access: new AccessControl(AccessPolicySpecs.Policy(true, "deny publish all will"), isOpen: false));

        broker.Open().Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "client", Will = new WillMessage { Topic = "will", Payload = default } });
        broker.Run();

        Counted(broker).Should().Equal(("authorization", 1));
    }

    [Fact]
    public void A_connection_that_is_taken_over_before_its_CONNACK_has_ended()
    {
        var broker = new TestBroker();
        var channel = broker.Open();
        channel.Send(Connect);

        broker.Answer(channel, new ConnectionProtocol.Disconnect(ReasonCode.SessionTakenOver, "taken over"));

        Counted(broker).Should().Equal(("ended", 1));
    }

    [Fact]
    public void A_client_that_is_let_in_is_not_counted_when_it_goes()
    {
        var broker = new TestBroker();

        broker.Connect("c").SendMalformed(ReasonCode.MalformedPacket);

        Counted(broker).Should().BeEmpty();
    }

    private static IEnumerable<(string Reason, long Count)> Counted(TestBroker broker) =>
        from reason in Enum.GetValues<RefusalReason>()
        let count = broker.Counters.Refused(reason)
        where count > 0
        select (reason.Name(), count);
}
