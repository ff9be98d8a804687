using Broker.Actors.Security;

namespace Broker.Specs.Actors.Connections;

/// <summary>Answers everybody the same.</summary>
internal sealed class FixedAuthenticator(ValueTask<AuthenticationResult> answer) : IAuthenticator
{
    public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request) => answer;
}
