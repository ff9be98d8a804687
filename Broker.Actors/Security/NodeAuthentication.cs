using Broker.Actors.Hosting;
using Broker.Actors.Security.Mechanisms;
using Broker.Actors.Security.Scram;
using Broker.Actors.Security.Users;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Security;

/// <summary>All that decides who may connect to a node, as <c>mqtt.security</c> says.</summary>
internal sealed class NodeAuthentication : IDisposable
{
    private readonly PasswordFile? _users;

    private NodeAuthentication(SecurityOptions options, PasswordFile? users)
    {
        _users = users;
        Authenticator = users is null ? new AnonymousAuthenticator(options) : new ProviderChain([users], options.AllowAnonymous);
        Mechanisms = users is null
            ? AuthenticationMechanisms.None
            : new AuthenticationMechanisms(options.AuthenticationMethods.Contains(ScramMechanism.MethodName) ? [new ScramMechanism(users)] : []);
    }

    /// <summary>For user names and passwords.</summary>
    public IAuthenticator Authenticator { get; }

    /// <summary>For authentication methods.</summary>
    public AuthenticationMechanisms Mechanisms { get; }

    /// <exception cref="UserFileException">The password file is not usable.</exception>
    public static NodeAuthentication Open(SecurityOptions options, ILoggerFactory loggers, TimeProvider time) =>
        new(
            options,
            options.Authentication.Contains(AuthenticationSource.PasswordFile)
                ? PasswordFile.Open(options.PasswordFile, options.AuthenticationTimeout, loggers.CreateLogger<PasswordFile>(), time)
                : null);

    /// <inheritdoc/>
    public void Dispose() => _users?.Dispose();
}
