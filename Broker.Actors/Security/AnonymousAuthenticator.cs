using Broker.Actors.Hosting;
using Broker.Protocol.Packets;

namespace Broker.Actors.Security;

/// <summary>
/// Where no provider is configured: everyone, or with <c>mqtt.security.allow-anonymous = off</c> nobody.
/// </summary>
internal sealed class AnonymousAuthenticator(SecurityOptions options) : IAuthenticator
{
    /// <inheritdoc/>
    public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request) =>
        ValueTask.FromResult(
            options.AllowAnonymous ? AuthenticationResult.Anonymous
            : new AuthenticationResult(request.UserName is null ? ReasonCode.NotAuthorized : ReasonCode.BadUserNameOrPassword));
}
