using Broker.Actors.Security;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections;

/// <summary>A connection whose client was let in for a time.</summary>
public class ExpirySpecs
{
    [Fact]
    public void Ends_with_what_the_client_was_let_in_by()
    {
        var authenticator = new Authenticator();
        var broker = new TestBroker(authenticator: authenticator);
        authenticator.ExpiresAt = broker.Time.GetUtcNow().AddSeconds(60);
        var channel = broker.Connect("c");

        broker.Pass(TimeSpan.FromSeconds(59));
        channel.Sent.Should().BeEmpty();
        broker.Pass(TimeSpan.FromSeconds(1));

        channel.Next<DisconnectPacket>().ReasonCode.Should().Be(ReasonCode.MaximumConnectTime);
        channel.IsClosed.Should().BeTrue();
    }

    private sealed class Authenticator : IAuthenticator
    {
        public DateTimeOffset ExpiresAt { get; set; }

        public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request) =>
            ValueTask.FromResult(AuthenticationResult.Accepted("alice") with { ExpiresAt = ExpiresAt });
    }
}
