using Broker.Actors.Connections;
using Broker.Actors.Connections.Bans;
using Broker.Actors.Hosting;
using Broker.Actors.Security;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections.Bans;

/// <summary>What a banned client gets.</summary>
public sealed class BanSpecs
{
    private readonly Logins _logins = new();

    [Theory]
    [InlineData(ProtocolVersion.V5, ReasonCode.Banned)]
    [InlineData(ProtocolVersion.V311, ReasonCode.NotAuthorized)]
    public void After_too_many_bad_logins_nobody_connects_from_there_for_a_time(ProtocolVersion version, ReasonCode reasonCode)
    {
        var broker = new TestBroker(authenticator: _logins, bans: new BanOptions { BadLogins = 3 });
        for (var i = 0; i < 3; i++)
        {
            Connect(broker, $"c{i}", version, "wrong").ReasonCode.Should().Be(ReasonCode.BadUserNameOrPassword);
        }

        Connect(broker, "c", version, "right").ReasonCode.Should().Be(reasonCode);
        _logins.Asked.Should().Be(3, "who is banned costs no check of a password");
        broker.Counters.Refused(RefusalReason.Banned).Should().Be(1);
        broker.Counters.Refused(RefusalReason.Authentication).Should().Be(3);
        broker.Context.Bans!.Given(BanReason.BadLogins).Should().Be(1);
        broker.Context.Bans.CountInForce(BanReason.BadLogins).Should().Be(1);
        broker.Context.Bans.Given(BanReason.Connects).Should().Be(0);

        broker.Time.Advance(TimeSpan.FromMinutes(5));
        Connect(broker, "c", version, "wrong").ReasonCode.Should().Be(ReasonCode.BadUserNameOrPassword);
    }

    [Fact]
    public void A_server_that_cannot_check_bans_nobody()
    {
        var broker = new TestBroker(authenticator: _logins, bans: new BanOptions { BadLogins = 1 });

        Connect(broker, "c", ProtocolVersion.V5, "busy").ReasonCode.Should().Be(ReasonCode.ServerBusy);
        Connect(broker, "c", ProtocolVersion.V5, "wrong").ReasonCode.Should().Be(ReasonCode.BadUserNameOrPassword);
    }

    [Fact]
    public void A_failed_exchange_is_a_bad_login()
    {
        var mechanism = new FakeMechanism().Fail(ReasonCode.NotAuthorized);
        var broker = new TestBroker(mechanism: mechanism, bans: new BanOptions { BadLogins = 1 });
        var channel = broker.Open();
        channel.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c", AuthenticationMethod = FakeMechanism.Method });
        broker.Run();
        channel.Next<ConnAckPacket>().ReasonCode.Should().Be(ReasonCode.NotAuthorized);

        Connect(broker, "d", ProtocolVersion.V5, "right").ReasonCode.Should().Be(ReasonCode.Banned);
    }

    [Fact]
    public void A_client_id_that_connects_too_often_is_banned_and_no_other()
    {
        var broker = new TestBroker(bans: new BanOptions { Connects = 3 });
        for (var i = 0; i < 3; i++)
        {
            broker.Connect("flaps").Break();
            broker.Sessions.Next<SessionProtocol.ConnectionClosed>();
        }

        Connect(broker, "flaps", ProtocolVersion.V5, "right").ReasonCode.Should().Be(ReasonCode.Banned);
        broker.Connect("other");
        broker.Context.Bans!.CountInForce(BanReason.Connects).Should().Be(1);
        broker.Context.Bans.CountInForce(BanReason.BadLogins).Should().Be(0);
    }

    [Fact]
    public void A_node_without_memory_takes_nobody_new()
    {
        var used = 100L;
        var broker = new TestBroker(memory: new MemoryGuard(1_000, 0, () => used, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));
        var before = broker.Connect("before");

        used = 1_001;
        broker.Context.Memory.Check();
        Connect(broker, "c", ProtocolVersion.V5, "right").ReasonCode.Should().Be(ReasonCode.QuotaExceeded);
        Connect(broker, "c", ProtocolVersion.V311, "right").ReasonCode.Should().Be(ReasonCode.ServerUnavailable);
        before.IsClosed.Should().BeFalse();
        broker.Counters.Refused(RefusalReason.MaxMemory).Should().Be(2);

        used = 949;
        broker.Context.Memory.Check();
        broker.Connect("c");
    }

    private static ConnAckPacket Connect(TestBroker broker, string clientId, ProtocolVersion version, string password)
    {
        var channel = broker.Open();
        channel.Send(new ConnectPacket { Version = version, ClientId = clientId, UserName = "alice", Password = System.Text.Encoding.UTF8.GetBytes(password) });
        broker.Run();
        return channel.Next<ConnAckPacket>();
    }

    private sealed class Logins : IAuthenticator
    {
        public int Asked { get; private set; }

        public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request)
        {
            Asked++;
            return ValueTask.FromResult(System.Text.Encoding.UTF8.GetString(request.Password!.Value.Span) switch
            {
                "right" => AuthenticationResult.Accepted(request.UserName!),
                "busy" => new AuthenticationResult(ReasonCode.ServerBusy),
                _ => new AuthenticationResult(ReasonCode.BadUserNameOrPassword),
            });
        }
    }
}
