using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Actors.Security;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;
using Broker.Specs.Support;

namespace Broker.Specs.Actors.Connections;

/// <summary>From an open socket to CONNACK.</summary>
public class ConnectSpecs
{
    [Fact]
    public void CONNECT_asks_the_entity_and_CONNACK_follows_its_answer()
    {
        var broker = new TestBroker();
        var channel = broker.Open();

        channel.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c", SessionExpiryInterval = 60, ReceiveMaximum = 7 });

        var asked = broker.Sessions.Next<SessionProtocol.Connect>();
        (asked.ClientId, asked.CleanStart, asked.SessionExpiry, asked.ReceiveMaximum).Should().Be(("c", true, TimeSpan.FromSeconds(60), 7));
        broker.Run();
        channel.Sent.Should().BeEmpty("the entity has not answered");
        channel.IsPaused.Should().BeTrue();

        broker.Answer(channel, new ConnectionProtocol.SessionBound(SessionPresent: true, IsDurable: true));
        var answer = channel.Next<ConnAckPacket>();
        answer.SessionPresent.Should().BeTrue();
        answer.ReasonCode.Should().Be(ReasonCode.Success);
        channel.IsPaused.Should().BeFalse();
    }

    [Fact]
    public void Packets_pipelined_behind_CONNECT_are_handled_after_CONNACK()
    {
        var broker = new TestBroker();
        var channel = broker.Open();

        channel.Send(
            new ConnectPacket { Version = ProtocolVersion.V311, ClientId = "c" },
            new SubscribePacket { PacketId = 1, Subscriptions = [new SubscriptionRequest("t", QualityOfService.AtMostOnce)] },
            Packets.Publish("t", "own"),
            PingReqPacket.Instance);
        broker.Answer(channel, new ConnectionProtocol.SessionBound(false, false));

        channel.Next<ConnAckPacket>();
        channel.Next<SubAckPacket>();
        channel.Next<PublishPacket>();
        channel.Next<PingRespPacket>();
    }

    [Theory]
    [InlineData(ProtocolVersion.V5, ReasonCode.NotAuthorized, ReasonCode.NotAuthorized)]
    [InlineData(ProtocolVersion.V311, ReasonCode.NotAuthorized, ReasonCode.NotAuthorized)]
    [InlineData(ProtocolVersion.V5, ReasonCode.Banned, ReasonCode.Banned)]
    [InlineData(ProtocolVersion.V311, ReasonCode.Banned, ReasonCode.NotAuthorized)]
    public void A_client_that_may_not_connect_is_told_why_and_costs_no_entity(ProtocolVersion version, ReasonCode refusal, ReasonCode told)
    {
        var broker = new TestBroker(authenticator: new FixedAuthenticator(ValueTask.FromResult(new AuthenticationResult(refusal))));
        var channel = broker.Open();

        channel.Send(new ConnectPacket { Version = version, ClientId = "c" });
        broker.Run();

        channel.Next<ConnAckPacket>().ReasonCode.Should().Be(told);
        channel.IsClosed.Should().BeTrue();
        broker.Sessions.Messages.Should().BeEmpty("strangers must not start entities");
        broker.Context.Directory.Count.Should().Be(0);
    }

    [Fact]
    public void An_answer_of_the_authenticator_that_comes_late_is_taken_on_the_event_loop()
    {
        var answer = new TaskCompletionSource<AuthenticationResult>();
        var broker = new TestBroker(authenticator: new FixedAuthenticator(new ValueTask<AuthenticationResult>(answer.Task)));
        var channel = broker.Open();
        channel.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c" });
        broker.Sessions.Messages.Should().BeEmpty();

        answer.SetResult(AuthenticationResult.Anonymous);
        SpinWait.SpinUntil(() => channel.Loop.Waiting > 0, TimeSpan.FromSeconds(10)).Should().BeTrue();
        broker.Run();

        broker.Sessions.Next<SessionProtocol.Connect>();
    }

    [Fact]
    public void An_authenticator_that_fails_lets_nobody_in()
    {
        var broker = new TestBroker(authenticator: new FixedAuthenticator(
            new ValueTask<AuthenticationResult>(Task.FromException<AuthenticationResult>(new InvalidOperationException("no directory")))));
        var channel = broker.Open();

        channel.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c" });
        SpinWait.SpinUntil(() => channel.Loop.Waiting > 0, TimeSpan.FromSeconds(10)).Should().BeTrue();
        broker.Run();

        channel.Next<ConnAckPacket>().ReasonCode.Should().Be(ReasonCode.ServerUnavailable);
    }

    [Fact]
    public void MQTT_3_asks_for_a_client_id_where_the_session_is_kept()
    {
        var broker = new TestBroker();
        var channel = broker.Open();

        channel.Send(new ConnectPacket { Version = ProtocolVersion.V311, ClientId = "", CleanStart = false, SessionExpiryInterval = uint.MaxValue });
        broker.Run();

        channel.Next<ConnAckPacket>().ReasonCode.Should().Be(ReasonCode.ClientIdentifierNotValid);
        channel.IsClosed.Should().BeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("said")]
    public void Who_is_refused_before_it_has_an_id_is_told_of_by_what_it_said(string clientId)
    {
        var log = new RecordingLogger();
        var broker = new TestBroker(logger: log);
        var channel = broker.Open();

        channel.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = clientId, AuthenticationMethod = "none" });

        log.Lines.Should().ContainSingle().Which.Should()
            .StartWith($"Refused {(clientId.Length > 0 ? clientId : "a client without a client id")} from 127.0.0.1:40000 on tcp: BadAuthenticationMethod: ");
    }

    [Fact]
    public void Who_sends_no_CONNECT_that_can_be_read_is_told_of_without_an_id()
    {
        var log = new RecordingLogger();
        var channel = new TestBroker(logger: log).Open();

        channel.SendMalformed(ReasonCode.MalformedPacket);

        log.Lines.Should().ContainSingle().Which.Should().StartWith("Refused a client without a client id from 127.0.0.1:40000 on tcp: MalformedPacket: ");
    }

    [Fact]
    public void A_response_topic_that_is_no_string_of_MQTT_any_more_is_left_out()
    {
        var broker = new TestBroker();
        var (longest, tooLong) = (new string('x', 65_535 - "response/".Length), new string('x', 65_535));

        foreach (var (clientId, expected) in (ReadOnlySpan<(string, string?)>)[(longest, $"response/{longest}"), (tooLong, null)])
        {
            var channel = broker.Open();
            channel.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = clientId, RequestResponseInformation = true });
            broker.Answer(channel, new ConnectionProtocol.SessionBound(false, false));
            channel.Next<ConnAckPacket>().ResponseInformation.Should().Be(expected);
        }
    }

    [Fact]
    public void A_client_without_an_id_is_given_one()
    {
        var broker = new TestBroker();
        var channel = broker.Open();
        channel.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "" });
        var asked = broker.Sessions.Next<SessionProtocol.Connect>();

        broker.Answer(channel, new ConnectionProtocol.SessionBound(false, false));

        channel.Next<ConnAckPacket>().AssignedClientIdentifier.Should().Be(asked.ClientId).And.NotBeEmpty();
    }

    [Fact]
    public void More_connections_than_allowed_are_refused()
    {
        var broker = new TestBroker(new LimitsOptions { MaxConnections = 1 });
        broker.Connect("first");
        var second = broker.Open();

        second.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "second" });
        broker.Run();

        second.Next<ConnAckPacket>().ReasonCode.Should().Be(ReasonCode.QuotaExceeded);
    }

    [Fact]
    public void Enhanced_authentication_is_refused_by_its_name()
    {
        var broker = new TestBroker();
        var channel = broker.Open();

        channel.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c", AuthenticationMethod = "SCRAM" });

        broker.Run();
        channel.Next<ConnAckPacket>().ReasonCode.Should().Be(ReasonCode.BadAuthenticationMethod);
    }

    [Fact]
    public void A_will_to_a_topic_of_the_broker_itself_is_refused()
    {
        var broker = new TestBroker();
        var channel = broker.Open();

        channel.Send(new ConnectPacket
        {
            Version = ProtocolVersion.V5,
            ClientId = "c",
            Will = new WillMessage { Topic = "$SYS/broker/uptime", Payload = default },
        });

        broker.Run();
        channel.Next<ConnAckPacket>().ReasonCode.Should().Be(ReasonCode.TopicNameInvalid);
    }

    [Fact]
    public void CONNACK_tells_what_the_broker_grants_where_it_differs()
    {
        var broker = new TestBroker(new LimitsOptions
        {
            MaxKeepAlive = TimeSpan.FromSeconds(30),
            MaxSessionExpiry = TimeSpan.FromSeconds(100),
            ReceiveMaximum = 12,
            TopicAliasMaximum = 3,
            MaxPacketSize = 500,
        });
        var channel = broker.Open();
        channel.Send(new ConnectPacket
        {
            Version = ProtocolVersion.V5,
            ClientId = "c",
            KeepAlive = 60,
            SessionExpiryInterval = 1_000,
            RequestResponseInformation = true,
        });
        broker.Answer(channel, new ConnectionProtocol.SessionBound(false, true));

        var answer = channel.Next<ConnAckPacket>();
        answer.ServerKeepAlive.Should().Be(30);
        answer.SessionExpiryInterval.Should().Be(100);
        answer.ReceiveMaximum.Should().Be(12);
        answer.TopicAliasMaximum.Should().Be(3);
        answer.MaximumPacketSize.Should().Be(500);
        answer.ResponseInformation.Should().Be("response/c");
        channel.MaximumPacketSize.Should().Be(500, "the small limit before CONNECT is lifted");
    }

    [Theory]
    [InlineData(ReasonCode.SessionTakenOver)]
    [InlineData(ReasonCode.ServerShuttingDown)]
    [InlineData(ReasonCode.AdministrativeAction)]
    public void A_reason_that_CONNACK_does_not_know_becomes_one_that_it_knows(ReasonCode reason)
    {
        var broker = new TestBroker();
        var channel = broker.Open();
        channel.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c" });

        broker.Answer(channel, new ConnectionProtocol.SessionRefused(reason, "spec"));

        channel.Next<ConnAckPacket>().ReasonCode.Should().Be(ReasonCode.ServerUnavailable);
    }
}
