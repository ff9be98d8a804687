using Broker.Actors.Connections;
using Broker.Actors.Security.Mechanisms;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections;

/// <summary>The exchange between CONNECT and CONNACK.</summary>
public class AuthenticationSpecs : EnhancedAuthenticationSpecs
{
    [Fact]
    public void An_exchange_of_AUTH_ends_with_CONNACK()
    {
        Mechanism.Continue("first").Continue("second").Succeed("alice", "last");
        var channel = Open("hello");

        ExpectAuth(channel, ReasonCode.ContinueAuthentication, "first");
        channel.Send(Auth("one"));
        Broker.Run();
        ExpectAuth(channel, ReasonCode.ContinueAuthentication, "second");
        Broker.Sessions.Messages.Should().BeEmpty("strangers must not start entities");
        channel.Send(Auth("two"));
        Broker.Sessions.Next<SessionProtocol.Connect>();
        channel.IsPaused.Should().BeTrue("CONNACK comes before anything else is read");
        Broker.Answer(channel, new ConnectionProtocol.SessionBound(false, false));

        var answer = channel.Next<ConnAckPacket>();
        (answer.ReasonCode, answer.AuthenticationMethod, Text(answer.AuthenticationData)).Should().Be((ReasonCode.Success, FakeMechanism.Method, "last"));
        Mechanism.Said.Should().Equal("hello", "one", "two");
        UserName(channel).Should().Be("alice");
        channel.IsPaused.Should().BeFalse();
    }

    [Fact]
    public void AMechanism_may_need_no_data_and_no_AUTH()
    {
        Mechanism.Succeed("alice");
        var channel = Open(null);
        Broker.Sessions.Next<SessionProtocol.Connect>();
        Broker.Answer(channel, new ConnectionProtocol.SessionBound(false, false));

        var answer = channel.Next<ConnAckPacket>();
        (answer.AuthenticationMethod, answer.AuthenticationData).Should().Be((FakeMechanism.Method, (ReadOnlyMemory<byte>?)null));
        Mechanism.Said.Should().Equal((string?)null);
        Mechanism.Started.Should().ContainSingle().Which.ClientId.Should().Be("c");
    }

    [Fact]
    public void User_name_and_password_count_for_nothing_beside_a_method()
    {
        Mechanism.Succeed("alice");
        var channel = Broker.Open();

        channel.Send(new ConnectPacket
        {
            Version = ProtocolVersion.V5,
            ClientId = "c",
            AuthenticationMethod = FakeMechanism.Method,
            UserName = "root",
            Password = "secret"u8.ToArray(),
        });

        (Mechanism.Started.Single().UserName, Mechanism.Started.Single().Password).Should().Be((null, (ReadOnlyMemory<byte>?)null));
        UserName(channel).Should().Be("alice");
    }

    [Theory]
    [InlineData(ReasonCode.NotAuthorized)]
    [InlineData(ReasonCode.BadUserNameOrPassword)]
    [InlineData(ReasonCode.ServerBusy)]
    public void A_client_that_fails_is_told_and_costs_no_entity(ReasonCode reasonCode)
    {
        Mechanism.Continue("first").Fail(reasonCode);
        var channel = Open("hello");
        channel.Next<AuthPacket>();

        channel.Send(Auth("wrong"));
        Broker.Run();

        ExpectRefusal(channel, reasonCode);
    }

    [Fact]
    public void Only_AUTH_and_DISCONNECT_may_come_before_CONNACK()
    {
        foreach (var packet in (Packet[])[Packets.Publish("t", "x"), PingReqPacket.Instance, new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c" }])
        {
            Mechanism.Continue("first");
            var channel = Open("hello");
            channel.Next<AuthPacket>();

            channel.Send(packet);
            Broker.Run();

            ExpectRefusal(channel, ReasonCode.ProtocolError);
        }
    }

    [Fact]
    public void DISCONNECT_before_CONNACK_is_the_end_and_nothing_is_answered()
    {
        Mechanism.Continue("first");
        var channel = Open("hello");
        channel.Next<AuthPacket>();

        channel.Send(new DisconnectPacket());
        Broker.Run();

        channel.Sent.Should().BeEmpty();
        channel.IsClosed.Should().BeTrue();
        Broker.Context.Directory.Count.Should().Be(0);
    }

    [Theory]
    [InlineData("OTHER", ReasonCode.ContinueAuthentication)]
    [InlineData("fake", ReasonCode.ContinueAuthentication)]
    [InlineData(FakeMechanism.Method, ReasonCode.ReAuthenticate)]
    public void AUTH_of_another_kind_is_a_violation(string method, ReasonCode reasonCode)
    {
        Mechanism.Continue("first");
        var channel = Open("hello");
        channel.Next<AuthPacket>();

        channel.Send(new AuthPacket { ReasonCode = reasonCode, AuthenticationMethod = method });
        Broker.Run();

        ExpectRefusal(channel, ReasonCode.ProtocolError);
    }

    [Fact]
    public void AUTH_before_theMechanism_has_answered_is_a_violation()
    {
        var answer = Mechanism.Later();
        var channel = Open("hello");

        channel.Send(Auth("impatient"));
        Broker.Run();

        ExpectRefusal(channel, ReasonCode.ProtocolError);
        answer.SetResult(new AuthenticationStep.Success("alice", null));
        WaitForAnswer(channel);
        channel.Sent.Should().BeEmpty();
        Broker.Sessions.Messages.Should().BeEmpty("the connection is over");
    }

    [Fact]
    public void An_answer_that_comes_late_is_taken_on_the_event_loop()
    {
        var answer = Mechanism.Later();
        var channel = Open("hello");
        channel.Sent.Should().BeEmpty();

        answer.SetResult(new AuthenticationStep.Continue(null));
        WaitForAnswer(channel);

        ExpectAuth(channel, ReasonCode.ContinueAuthentication, null);
    }

    [Fact]
    public void AMechanism_that_fails_lets_nobody_in()
    {
        var answer = Mechanism.Later();
        var channel = Open("hello");

        answer.SetException(new InvalidOperationException("no directory"));
        WaitForAnswer(channel);

        ExpectRefusal(channel, ReasonCode.ServerUnavailable);
    }

    [Fact]
    public void An_exchange_that_takes_too_long_is_ended_however_often_the_client_speaks()
    {
        Mechanism.Continue("first").Continue("second").Continue("third");
        var channel = Open("hello");
        Broker.Pass(TimeSpan.FromSeconds(5));
        channel.Send(Auth("one"));
        Broker.Pass(TimeSpan.FromSeconds(4));
        channel.Send(Auth("two"));
        Broker.Run();
        channel.Sent.Should().HaveCount(3).And.AllBeOfType<AuthPacket>();
        channel.Sent.Clear();

        Broker.Pass(TimeSpan.FromSeconds(1));

        ExpectRefusal(channel, ReasonCode.NotAuthorized);
    }

    [Fact]
    public void The_session_has_its_own_time_after_the_authentication()
    {
        Mechanism.Continue("first").Succeed("alice");
        var channel = Open("hello");
        Broker.Pass(TimeSpan.FromSeconds(9));
        channel.Send(Auth("one"));

        Broker.Pass(TimeSpan.FromSeconds(29));

        channel.IsClosed.Should().BeFalse();
    }

    [Fact]
    public void AUTH_that_does_not_fit_into_the_client_s_Maximum_Packet_Size_is_not_sent()
    {
        Mechanism.Continue(new string('x', 100));
        var channel = Broker.Open();
        channel.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c", AuthenticationMethod = FakeMechanism.Method, MaximumPacketSize = 50 });
        Broker.Run();

        ExpectRefusal(channel, ReasonCode.PacketTooLarge);
    }
}
