using Broker.Actors.Hosting;
using Broker.Actors.Security.Certificates;
using Broker.Actors.Security.Databases;
using Broker.Actors.Security.Http;
using Broker.Actors.Security.Jwt;
using Broker.Actors.Security.Mechanisms;
using Broker.Actors.Security.Scram;
using Broker.Actors.Security.Users;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Security;

/// <summary>All that decides who may connect to a node, as <c>mqtt.security</c> says.</summary>
internal sealed class NodeAuthentication : IDisposable
{
    private readonly IReadOnlyList<IAuthenticationProvider> _providers;

    private NodeAuthentication(SecurityOptions options, IReadOnlyList<IAuthenticationProvider> providers)
    {
        _providers = providers;
        Authenticator = providers.Count == 0 ? new AnonymousAuthenticator(options) : new ProviderChain(providers, options.AllowAnonymous);
        IScramVerifiers[] users = [.. providers.OfType<IScramVerifiers>()];
        Mechanisms = users.Length > 0 && options.AuthenticationMethods.Contains(ScramMechanism.MethodName)
            ? new AuthenticationMechanisms([new ScramMechanism(new ScramUsers(users))])
            : AuthenticationMechanisms.None;
    }

    /// <summary>For what CONNECT and the connection show.</summary>
    public IAuthenticator Authenticator { get; }

    /// <summary>For authentication methods.</summary>
    public AuthenticationMechanisms Mechanisms { get; }

    /// <exception cref="UserFileException">The password file is not usable.</exception>
    /// <exception cref="JwtKeysException">The file of keys is not usable.</exception>
    /// <exception cref="Storage.StorageException">A connection string is not one of its provider.</exception>
    public static NodeAuthentication Open(BrokerOptions broker, ILoggerFactory loggers, TimeProvider time)
    {
        var providers = new List<IAuthenticationProvider>();
        try
        {
            foreach (var source in broker.Security.Authentication)
            {
                providers.Add(Open(source, broker, loggers, time));
            }

            return new NodeAuthentication(broker.Security, providers);
        }
        catch
        {
            Dispose(providers);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Dispose(_providers);

    private static IAuthenticationProvider Open(AuthenticationSource source, BrokerOptions broker, ILoggerFactory loggers, TimeProvider time)
    {
        var security = broker.Security;
        return source switch
        {
            AuthenticationSource.PasswordFile => PasswordFile.Open(security.PasswordFile, security.AuthenticationTimeout, loggers.CreateLogger<PasswordFile>(), time),
            AuthenticationSource.Sql => new SqlUsers(
                security.Sql, SecurityDatabase.Of(security.Sql.Database, broker), security.AuthenticationTimeout, loggers.CreateLogger<SqlUsers>()),
            AuthenticationSource.X509 => new CertificateUsers(security.X509),
            AuthenticationSource.Jwt => new JwtUsers(security.Jwt, JwtKeys.Open(security.Jwt, loggers.CreateLogger<JwtUsers>(), time), time),
            AuthenticationSource.Http => new HttpUsers(security.Http, loggers.CreateLogger<HttpUsers>(), time),
            _ => throw new ArgumentOutOfRangeException(nameof(source), source, "Nobody knows clients by it."),
        };
    }

    private static void Dispose(IEnumerable<IAuthenticationProvider> providers)
    {
        foreach (var provider in providers.OfType<IDisposable>())
        {
            provider.Dispose();
        }
    }
}
