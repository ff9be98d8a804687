namespace Broker.Actors.Security;

/// <summary>One of those that know clients; they are asked in the order of <c>mqtt.security.authentication</c>.</summary>
internal interface IAuthenticationProvider
{
    /// <summary>
    /// Null: it does not know the client, and the next one is asked. Called on the connection's event loop, which must not be blocked; the answer may come on any
    /// thread.
    /// </summary>
    ValueTask<AuthenticationResult?> AuthenticateAsync(AuthenticationRequest request);
}
