using Broker.Actors.Security.Mechanisms;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections;

/// <summary>Another authentication of a client that is connected (section 4.12.1).</summary>
public class ReAuthenticationSpecs : EnhancedAuthenticationSpecs
{
    [Fact]
    public void Re_authentication_goes_beside_all_other_packets()
    {
        var channel = Connect();
        var answer = Mechanism.Later();
        Broker.Subscribe(channel, "t");

        channel.Send(ReAuth("again"), Packets.Publish("t", "before"));
        Broker.Run();
        channel.Payloads().Should().Equal("before");
        answer.SetResult(new AuthenticationStep.Continue(null));
        WaitForAnswer(channel);
        ExpectAuth(channel, ReasonCode.ContinueAuthentication, null);

        Mechanism.Succeed("alice", "proof");
        channel.Send(Packets.Publish("t", "between"), Auth("one"), Packets.Publish("t", "after"));
        Broker.Run();

        channel.Next<PublishPacket>();
        ExpectAuth(channel, ReasonCode.Success, "proof");
        channel.Payloads().Should().Equal("after");
        channel.IsClosed.Should().BeFalse();

        Mechanism.Succeed("alice");
        channel.Send(ReAuth("and again"));
        Broker.Run();
        ExpectAuth(channel, ReasonCode.Success, null);
    }

    [Theory]
    [InlineData(ReasonCode.NotAuthorized, ReasonCode.NotAuthorized)]
    [InlineData(ReasonCode.BadUserNameOrPassword, ReasonCode.NotAuthorized)]
    [InlineData(ReasonCode.BadAuthenticationMethod, ReasonCode.NotAuthorized)]
    [InlineData(ReasonCode.Banned, ReasonCode.NotAuthorized)]
    [InlineData(ReasonCode.ServerUnavailable, ReasonCode.ServerBusy)]
    public void Re_authentication_that_fails_ends_the_connection_with_a_code_of_DISCONNECT(ReasonCode failure, ReasonCode told)
    {
        var channel = Connect();
        Mechanism.Fail(failure);

        channel.Send(ReAuth("wrong"), Packets.Publish("t", "too late"));
        Broker.Run();

        ExpectDisconnect(channel, told);
    }

    [Fact]
    public void Nobody_becomes_another_by_re_authentication()
    {
        var channel = Connect();
        Mechanism.Succeed("mallory");

        channel.Send(ReAuth("another"));
        Broker.Run();

        ExpectDisconnect(channel, ReasonCode.NotAuthorized);
        UserName(channel).Should().Be("alice");
    }

    [Theory]
    [InlineData(FakeMechanism.Method, ReasonCode.ContinueAuthentication)]
    [InlineData("OTHER", ReasonCode.ReAuthenticate)]
    public void AUTH_that_fits_nowhere_on_an_open_connection_is_a_violation(string method, ReasonCode reasonCode)
    {
        var channel = Connect();

        channel.Send(new AuthPacket { ReasonCode = reasonCode, AuthenticationMethod = method });
        Broker.Run();

        ExpectDisconnect(channel, ReasonCode.ProtocolError);
    }

    [Fact]
    public void A_second_re_authentication_before_the_first_has_ended_is_a_violation()
    {
        var channel = Connect();
        Mechanism.Continue("first");

        channel.Send(ReAuth("one"), ReAuth("two"));
        Broker.Run();

        channel.Next<AuthPacket>();
        ExpectDisconnect(channel, ReasonCode.ProtocolError);
    }

    [Fact]
    public void Clients_without_a_method_may_not_send_AUTH()
    {
        var channel = Broker.Connect("plain");

        channel.Send(ReAuth("hello"));
        Broker.Run();

        ExpectDisconnect(channel, ReasonCode.ProtocolError);
        UserName(channel).Should().BeNull();
    }

    [Fact]
    public void Re_authentication_has_its_time_too()
    {
        var channel = Connect();
        Mechanism.Continue("first");
        channel.Send(ReAuth("one"));
        Broker.Run();
        channel.Next<AuthPacket>();

        for (var second = 0; second < 9; second++)
        {
            channel.Send(PingReqPacket.Instance);
            Broker.Pass(TimeSpan.FromSeconds(1));
            channel.Next<PingRespPacket>();
        }

        Broker.Pass(TimeSpan.FromSeconds(1));
        ExpectDisconnect(channel, ReasonCode.NotAuthorized);
    }
}
