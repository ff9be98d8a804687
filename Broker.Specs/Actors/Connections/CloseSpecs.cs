using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections;

/// <summary>How connections end: by time, by bad packets, by DISCONNECT of either side.</summary>
public class CloseSpecs
{
    private readonly TestBroker _broker = new(new LimitsOptions { ConnectTimeout = TimeSpan.FromSeconds(10), MaxSessionExpiry = TimeSpan.FromSeconds(1_000) });

    [Fact]
    public void A_connection_that_says_nothing_is_closed_after_the_connect_timeout()
    {
        var channel = _broker.Open();

        _broker.Pass(TimeSpan.FromSeconds(9));
        channel.IsClosed.Should().BeFalse();
        _broker.Pass(TimeSpan.FromSeconds(1));

        channel.IsClosed.Should().BeTrue();
        channel.Sent.Should().BeEmpty();
        _broker.Context.Directory.Count.Should().Be(0);
        _broker.Loops.All[0].Connections.Count.Should().Be(0);
    }

    [Fact]
    public void Bytes_that_trickle_in_do_not_extend_the_time_for_CONNECT()
    {
        var channel = _broker.Open();
        _broker.Pass(TimeSpan.FromSeconds(9));
        channel.Handler.OnReadComplete();
        _broker.Pass(TimeSpan.FromSeconds(1));

        channel.IsClosed.Should().BeTrue();
    }

    [Fact]
    public void An_entity_that_does_not_answer_ends_the_wait_with_server_unavailable()
    {
        var channel = _broker.Open();
        channel.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c" });
        var number = _broker.Sessions.Next<SessionProtocol.Connect>().Connection.Number;

        _broker.Pass(TimeSpan.FromSeconds(30));

        channel.Next<ConnAckPacket>().ReasonCode.Should().Be(ReasonCode.ServerUnavailable);
        while (_broker.Sessions.Messages.TryPeek(out var again) && again is SessionProtocol.Connect)
        {
            _broker.Sessions.Next<SessionProtocol.Connect>();
        }

        _broker.Sessions.Next<SessionProtocol.ConnectionClosed>().ConnectionNumber.Should().Be(number);
    }

    [Theory]
    [InlineData(ProtocolVersion.V5)]
    [InlineData(ProtocolVersion.V311)]
    public void Silence_for_one_and_a_half_keep_alives_ends_the_connection(ProtocolVersion version)
    {
        var channel = _broker.Connect(new ConnectPacket { Version = version, ClientId = "c", KeepAlive = 10 });
        _broker.Pass(TimeSpan.FromSeconds(14));
        channel.Send(PingReqPacket.Instance);
        _broker.Run();
        channel.Next<PingRespPacket>();

        _broker.Pass(TimeSpan.FromSeconds(14));
        channel.IsClosed.Should().BeFalse();
        _broker.Pass(TimeSpan.FromSeconds(1));

        channel.IsClosed.Should().BeTrue();
        if (version == ProtocolVersion.V5)
        {
            channel.Next<DisconnectPacket>().ReasonCode.Should().Be(ReasonCode.KeepAliveTimeout);
        }

        channel.Sent.Should().BeEmpty();
        _broker.Sessions.Next<SessionProtocol.ConnectionClosed>().DiscardWill.Should().BeFalse("the will is due");
    }

    [Fact]
    public void Without_a_keep_alive_silence_is_no_reason()
    {
        var channel = _broker.Connect("c");
        _broker.Pass(TimeSpan.FromMinutes(5));
        channel.IsClosed.Should().BeFalse();
    }

    [Fact]
    public void A_client_that_the_broker_does_not_read_from_is_not_silent()
    {
        var channel = _broker.Connect(
            new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c", KeepAlive = 10, SessionExpiryInterval = 60 }, durable: true);
        channel.Send(new SubscribePacket { PacketId = 1, Subscriptions = [new SubscriptionRequest("t", QualityOfService.AtMostOnce)] });
        _broker.Pass(TimeSpan.FromSeconds(60));
        channel.IsClosed.Should().BeFalse("the entity has not answered SUBSCRIBE, so PINGREQ could not be read");

        _broker.Answer(channel, new ConnectionProtocol.Subscribed(1, [ReasonCode.Success]));
        _broker.Pass(TimeSpan.FromSeconds(15));
        channel.IsClosed.Should().BeTrue();
    }

    [Theory]
    [InlineData(ProtocolVersion.V5, true)]
    [InlineData(ProtocolVersion.V311, false)]
    public void A_malformed_CONNECT_is_answered_where_the_version_has_words_for_it(ProtocolVersion version, bool answered)
    {
        var channel = _broker.Open();
        channel.Version = version;
        channel.SendMalformed(ReasonCode.MalformedPacket);
        _broker.Run();

        channel.IsClosed.Should().BeTrue();
        channel.Sent.Should().HaveCount(answered ? 1 : 0);
        _broker.Sessions.Messages.Should().BeEmpty();
    }

    [Fact]
    public void What_is_malformed_while_CONNECT_waits_refuses_it()
    {
        var channel = _broker.Open();
        channel.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c" });
        channel.SendMalformed(ReasonCode.ProtocolError);
        _broker.Run();

        channel.Next<ConnAckPacket>().ReasonCode.Should().Be(ReasonCode.ProtocolError);
    }

    [Theory]
    [InlineData(ProtocolVersion.V5)]
    [InlineData(ProtocolVersion.V31)]
    public void What_is_malformed_on_an_open_connection_ends_it_and_its_will_is_due(ProtocolVersion version)
    {
        var channel = _broker.Connect("c", version);
        channel.SendMalformed(ReasonCode.PacketTooLarge);
        _broker.Run();

        channel.IsClosed.Should().BeTrue();
        if (version == ProtocolVersion.V5)
        {
            channel.Next<DisconnectPacket>().ReasonCode.Should().Be(ReasonCode.PacketTooLarge);
        }

        channel.Sent.Should().BeEmpty();
        _broker.Sessions.Next<SessionProtocol.ConnectionClosed>().DiscardWill.Should().BeFalse();
    }

    [Fact]
    public void AUTH_without_a_method_is_a_protocol_error()
    {
        var channel = _broker.Connect("c");
        channel.Send(new AuthPacket { ReasonCode = ReasonCode.ReAuthenticate });
        _broker.Run();
        channel.Next<DisconnectPacket>().ReasonCode.Should().Be(ReasonCode.ProtocolError);
    }

    [Theory]
    [InlineData(ReasonCode.NormalDisconnection, true)]
    [InlineData(ReasonCode.DisconnectWithWillMessage, false)]
    [InlineData(ReasonCode.UnspecifiedError, false)]
    public void Only_a_normal_DISCONNECT_discards_the_will(ReasonCode reasonCode, bool discarded)
    {
        var channel = _broker.Connect("c");
        channel.Send(new DisconnectPacket { ReasonCode = reasonCode }, Packets.Publish("t"));
        _broker.Run();

        channel.IsClosed.Should().BeTrue();
        _broker.Sessions.Next<SessionProtocol.ConnectionClosed>().DiscardWill.Should().Be(discarded);
        _broker.Counters.PublishReceived.Should().Be(0, "nothing counts behind DISCONNECT");
    }

    [Theory]
    [InlineData(5u, 5)]
    [InlineData(0u, 0)]
    [InlineData(uint.MaxValue, 1_000)]
    public void DISCONNECT_may_change_the_expiry(uint seconds, int expected)
    {
        var channel = _broker.ConnectDurable("c");
        channel.Send(new DisconnectPacket { SessionExpiryInterval = seconds });
        _broker.Run();

        _broker.Sessions.Next<SessionProtocol.ConnectionClosed>().SessionExpiry.Should().Be(TimeSpan.FromSeconds(expected));
    }

    [Fact]
    public void DISCONNECT_cannot_keep_a_session_that_CONNECT_did_not_keep()
    {
        var channel = _broker.Connect("c");
        channel.Send(new DisconnectPacket { SessionExpiryInterval = 5 });
        _broker.Run();

        channel.Next<DisconnectPacket>().ReasonCode.Should().Be(ReasonCode.ProtocolError);
        var closed = _broker.Sessions.Next<SessionProtocol.ConnectionClosed>();
        (closed.SessionExpiry, closed.DiscardWill).Should().Be((null, false));
    }

    [Fact]
    public void The_broker_says_why_it_ends_a_connection()
    {
        var (v5, v3) = (_broker.Connect("five"), _broker.Connect("three", ProtocolVersion.V311));
        var goodbye = new ConnectionProtocol.Disconnect(ReasonCode.ServerShuttingDown, "the server is shutting down");
        _broker.Answer(v5, goodbye);
        _broker.Answer(v3, goodbye);

        v5.Next<DisconnectPacket>().ReasonCode.Should().Be(ReasonCode.ServerShuttingDown);
        v3.Sent.Should().BeEmpty();
        (v5.IsClosed && v3.IsClosed).Should().BeTrue();
    }

    [Fact]
    public void The_routes_of_a_live_session_go_with_its_connection()
    {
        var channel = _broker.Connect("c");
        _broker.Subscribe(channel, "a/+");
        _broker.Context.Routes.Tree.Count.Should().Be(1);

        channel.Break(new IOException("reset"));

        _broker.Context.Routes.Tree.Count.Should().Be(0);
        _broker.Context.Directory.Count.Should().Be(0);
        channel.Handler.OnClosed(null);
        _broker.Sessions.Messages.Should().ContainSingle("the end is told once");
    }
}
