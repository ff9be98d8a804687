using System.Text;
using Broker.Actors.Connections;
using Broker.Actors.Security.Mechanisms;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections;

/// <summary>Enhanced authentication (section 4.12), whatever the mechanism.</summary>
public class AuthenticationSpecs
{
    private readonly FakeMechanism _mechanism = new();
    private readonly TestBroker _broker;

    public AuthenticationSpecs() => _broker = new TestBroker(mechanism: _mechanism);

    [Fact]
    public void An_exchange_of_AUTH_ends_with_CONNACK()
    {
        _mechanism.Continue("first").Continue("second").Succeed("alice", "last");
        var channel = Open("hello");

        ExpectAuth(channel, ReasonCode.ContinueAuthentication, "first");
        channel.Send(Auth("one"));
        _broker.Run();
        ExpectAuth(channel, ReasonCode.ContinueAuthentication, "second");
        _broker.Sessions.Messages.Should().BeEmpty("strangers must not start entities");
        channel.Send(Auth("two"));
        _broker.Sessions.Next<SessionProtocol.Connect>();
        channel.IsPaused.Should().BeTrue("CONNACK comes before anything else is read");
        _broker.Answer(channel, new ConnectionProtocol.SessionBound(false, false));

        var answer = channel.Next<ConnAckPacket>();
        (answer.ReasonCode, answer.AuthenticationMethod, Text(answer.AuthenticationData)).Should().Be((ReasonCode.Success, FakeMechanism.Method, "last"));
        _mechanism.Said.Should().Equal("hello", "one", "two");
        UserName(channel).Should().Be("alice");
        channel.IsPaused.Should().BeFalse();
    }

    [Fact]
    public void A_mechanism_may_need_no_data_and_no_AUTH()
    {
        _mechanism.Succeed("alice");
        var channel = Open(null);
        _broker.Sessions.Next<SessionProtocol.Connect>();
        _broker.Answer(channel, new ConnectionProtocol.SessionBound(false, false));

        var answer = channel.Next<ConnAckPacket>();
        (answer.AuthenticationMethod, answer.AuthenticationData).Should().Be((FakeMechanism.Method, (ReadOnlyMemory<byte>?)null));
        _mechanism.Said.Should().Equal((string?)null);
        _mechanism.Started.Should().ContainSingle().Which.ClientId.Should().Be("c");
    }

    [Fact]
    public void User_name_and_password_count_for_nothing_beside_a_method()
    {
        _mechanism.Succeed("alice");
        var channel = _broker.Open();

        channel.Send(new ConnectPacket
        {
            Version = ProtocolVersion.V5,
            ClientId = "c",
            AuthenticationMethod = FakeMechanism.Method,
            UserName = "root",
            Password = "secret"u8.ToArray(),
        });

        (_mechanism.Started.Single().UserName, _mechanism.Started.Single().Password).Should().Be((null, (ReadOnlyMemory<byte>?)null));
        UserName(channel).Should().Be("alice");
    }

    [Theory]
    [InlineData(ReasonCode.NotAuthorized)]
    [InlineData(ReasonCode.BadUserNameOrPassword)]
    [InlineData(ReasonCode.ServerBusy)]
    public void A_client_that_fails_is_told_and_costs_no_entity(ReasonCode reasonCode)
    {
        _mechanism.Continue("first").Fail(reasonCode);
        var channel = Open("hello");
        channel.Next<AuthPacket>();

        channel.Send(Auth("wrong"));
        _broker.Run();

        ExpectRefusal(channel, reasonCode);
    }

    [Fact]
    public void Only_AUTH_and_DISCONNECT_may_come_before_CONNACK()
    {
        foreach (var packet in (Packet[])[Packets.Publish("t", "x"), PingReqPacket.Instance, new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c" }])
        {
            _mechanism.Continue("first");
            var channel = Open("hello");
            channel.Next<AuthPacket>();

            channel.Send(packet);
            _broker.Run();

            ExpectRefusal(channel, ReasonCode.ProtocolError);
        }
    }

    [Fact]
    public void DISCONNECT_before_CONNACK_is_the_end_and_nothing_is_answered()
    {
        _mechanism.Continue("first");
        var channel = Open("hello");
        channel.Next<AuthPacket>();

        channel.Send(new DisconnectPacket());
        _broker.Run();

        channel.Sent.Should().BeEmpty();
        channel.IsClosed.Should().BeTrue();
        _broker.Context.Directory.Count.Should().Be(0);
    }

    [Theory]
    [InlineData("OTHER", ReasonCode.ContinueAuthentication)]
    [InlineData("fake", ReasonCode.ContinueAuthentication)]
    [InlineData(FakeMechanism.Method, ReasonCode.ReAuthenticate)]
    public void AUTH_of_another_kind_is_a_violation(string method, ReasonCode reasonCode)
    {
        _mechanism.Continue("first");
        var channel = Open("hello");
        channel.Next<AuthPacket>();

        channel.Send(new AuthPacket { ReasonCode = reasonCode, AuthenticationMethod = method });
        _broker.Run();

        ExpectRefusal(channel, ReasonCode.ProtocolError);
    }

    [Fact]
    public void AUTH_before_the_mechanism_has_answered_is_a_violation()
    {
        var answer = _mechanism.Later();
        var channel = Open("hello");

        channel.Send(Auth("impatient"));
        _broker.Run();

        ExpectRefusal(channel, ReasonCode.ProtocolError);
        answer.SetResult(new AuthenticationStep.Success("alice", null));
        WaitForAnswer(channel);
        channel.Sent.Should().BeEmpty();
        _broker.Sessions.Messages.Should().BeEmpty("the connection is over");
    }

    [Fact]
    public void An_answer_that_comes_late_is_taken_on_the_event_loop()
    {
        var answer = _mechanism.Later();
        var channel = Open("hello");
        channel.Sent.Should().BeEmpty();

        answer.SetResult(new AuthenticationStep.Continue(null));
        WaitForAnswer(channel);

        ExpectAuth(channel, ReasonCode.ContinueAuthentication, null);
    }

    [Fact]
    public void A_mechanism_that_fails_lets_nobody_in()
    {
        var answer = _mechanism.Later();
        var channel = Open("hello");

        answer.SetException(new InvalidOperationException("no directory"));
        WaitForAnswer(channel);

        ExpectRefusal(channel, ReasonCode.ServerUnavailable);
    }

    [Fact]
    public void An_exchange_that_takes_too_long_is_ended_however_often_the_client_speaks()
    {
        _mechanism.Continue("first").Continue("second").Continue("third");
        var channel = Open("hello");
        _broker.Pass(TimeSpan.FromSeconds(5));
        channel.Send(Auth("one"));
        _broker.Pass(TimeSpan.FromSeconds(4));
        channel.Send(Auth("two"));
        _broker.Run();
        channel.Sent.Should().HaveCount(3).And.AllBeOfType<AuthPacket>();
        channel.Sent.Clear();

        _broker.Pass(TimeSpan.FromSeconds(1));

        ExpectRefusal(channel, ReasonCode.NotAuthorized);
    }

    [Fact]
    public void The_session_has_its_own_time_after_the_authentication()
    {
        _mechanism.Continue("first").Succeed("alice");
        var channel = Open("hello");
        _broker.Pass(TimeSpan.FromSeconds(9));
        channel.Send(Auth("one"));

        _broker.Pass(TimeSpan.FromSeconds(29));

        channel.IsClosed.Should().BeFalse();
    }

    [Fact]
    public void AUTH_that_does_not_fit_into_the_client_s_Maximum_Packet_Size_is_not_sent()
    {
        _mechanism.Continue(new string('x', 100));
        var channel = _broker.Open();
        channel.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c", AuthenticationMethod = FakeMechanism.Method, MaximumPacketSize = 50 });
        _broker.Run();

        ExpectRefusal(channel, ReasonCode.PacketTooLarge);
    }

    [Fact]
    public void Re_authentication_goes_beside_all_other_packets()
    {
        var channel = Connect();
        var answer = _mechanism.Later();
        _broker.Subscribe(channel, "t");

        channel.Send(ReAuth("again"), Packets.Publish("t", "before"));
        _broker.Run();
        channel.Payloads().Should().Equal("before");
        answer.SetResult(new AuthenticationStep.Continue(null));
        WaitForAnswer(channel);
        ExpectAuth(channel, ReasonCode.ContinueAuthentication, null);

        _mechanism.Succeed("alice", "proof");
        channel.Send(Packets.Publish("t", "between"), Auth("one"), Packets.Publish("t", "after"));
        _broker.Run();

        channel.Next<PublishPacket>();
        ExpectAuth(channel, ReasonCode.Success, "proof");
        channel.Payloads().Should().Equal("after");
        channel.IsClosed.Should().BeFalse();

        _mechanism.Succeed("alice");
        channel.Send(ReAuth("and again"));
        _broker.Run();
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
        _mechanism.Fail(failure);

        channel.Send(ReAuth("wrong"), Packets.Publish("t", "too late"));
        _broker.Run();

        ExpectDisconnect(channel, told);
    }

    [Fact]
    public void Nobody_becomes_another_by_re_authentication()
    {
        var channel = Connect();
        _mechanism.Succeed("mallory");

        channel.Send(ReAuth("another"));
        _broker.Run();

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
        _broker.Run();

        ExpectDisconnect(channel, ReasonCode.ProtocolError);
    }

    [Fact]
    public void A_second_re_authentication_before_the_first_has_ended_is_a_violation()
    {
        var channel = Connect();
        _mechanism.Continue("first");

        channel.Send(ReAuth("one"), ReAuth("two"));
        _broker.Run();

        channel.Next<AuthPacket>();
        ExpectDisconnect(channel, ReasonCode.ProtocolError);
    }

    [Fact]
    public void Clients_without_a_method_may_not_send_AUTH()
    {
        var channel = _broker.Connect("plain");

        channel.Send(ReAuth("hello"));
        _broker.Run();

        ExpectDisconnect(channel, ReasonCode.ProtocolError);
        UserName(channel).Should().BeNull();
    }

    [Fact]
    public void Re_authentication_has_its_time_too()
    {
        var channel = Connect();
        _mechanism.Continue("first");
        channel.Send(ReAuth("one"));
        _broker.Run();
        channel.Next<AuthPacket>();

        for (var second = 0; second < 9; second++)
        {
            channel.Send(PingReqPacket.Instance);
            _broker.Pass(TimeSpan.FromSeconds(1));
            channel.Next<PingRespPacket>();
        }

        _broker.Pass(TimeSpan.FromSeconds(1));
        ExpectDisconnect(channel, ReasonCode.NotAuthorized);
    }

    private FakeChannel Open(string? data)
    {
        var channel = _broker.Open();
        channel.Send(new ConnectPacket
        {
            Version = ProtocolVersion.V5,
            ClientId = "c",
            AuthenticationMethod = FakeMechanism.Method,
            AuthenticationData = data is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(data),
        });
        _broker.Run();
        return channel;
    }

    private FakeChannel Connect()
    {
        _mechanism.Succeed("alice");
        var channel = Open(null);
        _broker.Sessions.Next<SessionProtocol.Connect>();
        _broker.Answer(channel, new ConnectionProtocol.SessionBound(false, false));
        channel.Next<ConnAckPacket>().ReasonCode.Should().Be(ReasonCode.Success);
        return channel;
    }

    private static AuthPacket Auth(string data) => new()
    {
        ReasonCode = ReasonCode.ContinueAuthentication,
        AuthenticationMethod = FakeMechanism.Method,
        AuthenticationData = Encoding.UTF8.GetBytes(data),
    };

    private static AuthPacket ReAuth(string data) => new()
    {
        ReasonCode = ReasonCode.ReAuthenticate,
        AuthenticationMethod = FakeMechanism.Method,
        AuthenticationData = Encoding.UTF8.GetBytes(data),
    };

    private void WaitForAnswer(FakeChannel channel)
    {
        SpinWait.SpinUntil(() => channel.Loop.Waiting > 0, TimeSpan.FromSeconds(10)).Should().BeTrue();
        _broker.Run();
    }

    private void ExpectRefusal(FakeChannel channel, ReasonCode reasonCode)
    {
        var answer = channel.Next<ConnAckPacket>();
        answer.ReasonCode.Should().Be(reasonCode, "{0}", answer.ReasonString);
        channel.Sent.Should().BeEmpty();
        channel.IsClosed.Should().BeTrue();
        _broker.Sessions.Messages.Should().BeEmpty("strangers must not start entities");
    }

    private static void ExpectDisconnect(FakeChannel channel, ReasonCode reasonCode)
    {
        var farewell = channel.Next<DisconnectPacket>();
        farewell.ReasonCode.Should().Be(reasonCode, "{0}", farewell.ReasonString);
        channel.Sent.Should().BeEmpty();
        channel.IsClosed.Should().BeTrue();
    }

    private static void ExpectAuth(FakeChannel channel, ReasonCode reasonCode, string? data)
    {
        var auth = channel.Next<AuthPacket>();
        (auth.ReasonCode, auth.AuthenticationMethod, Text(auth.AuthenticationData)).Should().Be((reasonCode, FakeMechanism.Method, data));
    }

    private static string? Text(ReadOnlyMemory<byte>? data) => data is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;

    private static string? UserName(FakeChannel channel) => ((ClientConnection)channel.Handler).UserName;
}
