using System.Text;
using Broker.Actors.Connections;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections;

/// <summary>What specs of enhanced authentication have in common (section 4.12), whatever the mechanism.</summary>
public abstract class EnhancedAuthenticationSpecs
{
    private protected EnhancedAuthenticationSpecs() => Broker = new TestBroker(mechanism: Mechanism);

    private protected FakeMechanism Mechanism { get; } = new();

    private protected TestBroker Broker { get; }

    private protected FakeChannel Open(string? data)
    {
        var channel = Broker.Open();
        channel.Send(new ConnectPacket
        {
            Version = ProtocolVersion.V5,
            ClientId = "c",
            AuthenticationMethod = FakeMechanism.Method,
            AuthenticationData = data is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(data),
        });
        Broker.Run();
        return channel;
    }

    private protected FakeChannel Connect()
    {
        Mechanism.Succeed("alice");
        var channel = Open(null);
        Broker.Sessions.Next<SessionProtocol.Connect>();
        Broker.Answer(channel, new ConnectionProtocol.SessionBound(false, false));
        channel.Next<ConnAckPacket>().ReasonCode.Should().Be(ReasonCode.Success);
        return channel;
    }

    private protected static AuthPacket Auth(string data) => new()
    {
        ReasonCode = ReasonCode.ContinueAuthentication,
        AuthenticationMethod = FakeMechanism.Method,
        AuthenticationData = Encoding.UTF8.GetBytes(data),
    };

    private protected static AuthPacket ReAuth(string data) => new()
    {
        ReasonCode = ReasonCode.ReAuthenticate,
        AuthenticationMethod = FakeMechanism.Method,
        AuthenticationData = Encoding.UTF8.GetBytes(data),
    };

    private protected void WaitForAnswer(FakeChannel channel)
    {
        SpinWait.SpinUntil(() => channel.Loop.Waiting > 0, TimeSpan.FromSeconds(10)).Should().BeTrue();
        Broker.Run();
    }

    private protected void ExpectRefusal(FakeChannel channel, ReasonCode reasonCode)
    {
        var answer = channel.Next<ConnAckPacket>();
        answer.ReasonCode.Should().Be(reasonCode, "{0}", answer.ReasonString);
        channel.Sent.Should().BeEmpty();
        channel.IsClosed.Should().BeTrue();
        Broker.Sessions.Messages.Should().BeEmpty("strangers must not start entities");
    }

    private protected static void ExpectDisconnect(FakeChannel channel, ReasonCode reasonCode)
    {
        var farewell = channel.Next<DisconnectPacket>();
        farewell.ReasonCode.Should().Be(reasonCode, "{0}", farewell.ReasonString);
        channel.Sent.Should().BeEmpty();
        channel.IsClosed.Should().BeTrue();
    }

    private protected static void ExpectAuth(FakeChannel channel, ReasonCode reasonCode, string? data)
    {
        var auth = channel.Next<AuthPacket>();
        (auth.ReasonCode, auth.AuthenticationMethod, Text(auth.AuthenticationData)).Should().Be((reasonCode, FakeMechanism.Method, data));
    }

    private protected static string? Text(ReadOnlyMemory<byte>? data) => data is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;

    private protected static string? UserName(FakeChannel channel) => ((ClientConnection)channel.Handler).UserName;
}
