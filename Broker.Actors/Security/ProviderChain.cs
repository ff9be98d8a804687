using Broker.Protocol.Packets;

namespace Broker.Actors.Security;

/// <summary>The providers in their order: the first that knows the client decides. Who shows nothing is anonymous.</summary>
internal sealed class ProviderChain(IReadOnlyList<IAuthenticationProvider> providers, bool allowAnonymous) : IAuthenticator
{
    /// <inheritdoc/>
    public async ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request)
    {
        foreach (var provider in providers)
        {
            if (await provider.AuthenticateAsync(request).ConfigureAwait(false) is { } result)
            {
                return result;
            }
        }

        // A user name that nobody knows is not the same as none: let in, it would pass for known.
        return request.UserName is not null || request.Password is not null ? new AuthenticationResult(ReasonCode.BadUserNameOrPassword)
            : allowAnonymous ? AuthenticationResult.Anonymous
            : new AuthenticationResult(ReasonCode.NotAuthorized);
    }
}
