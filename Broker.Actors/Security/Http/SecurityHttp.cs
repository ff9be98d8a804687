using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Broker.Actors.Security.Http;

/// <summary>Makes clients for what is asked about users by HTTP.</summary>
public static class SecurityHttp
{
    private const int LargestAnswer = 1024 * 1024;
    private const int MostConnections = 64;

    /// <summary>Looks at a setting before anything is started: what is wrong with the URL; null: it can be used.</summary>
    public static string? Problem(string url) =>
        !Uri.TryCreate(url, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp) ? "must be an https URL."
        : uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback ? "must be an https URL: without TLS others can read and forge what is said. http is for this machine alone."
        : null;

    /// <summary>What is wrong with a file of authorities, and what to do; null: it can be used.</summary>
    public static string? ProblemOfAuthorities(string caFile)
    {
        try
        {
            return LoadAuthorities(caFile).Count > 0 ? null : "has no certificate: name a PEM file with the authorities.";
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"cannot be read: {problem.Message}";
        }
    }

    /// <param name="caFile">PEM; empty: the system's authorities.</param>
    /// <param name="timeout">Of a whole exchange.</param>
    internal static HttpClient Create(string caFile, TimeSpan timeout)
    {
        var handler = new SocketsHttpHandler
        {
            // Where the operator says, and nowhere else.
            AllowAutoRedirect = false,
            UseProxy = false,
            MaxConnectionsPerServer = MostConnections,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = timeout,
        };
        if (caFile.Length > 0)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(LoadAuthorities(caFile));
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return new HttpClient(handler) { Timeout = timeout, MaxResponseContentBufferSize = LargestAnswer };
    }

    private static X509Certificate2Collection LoadAuthorities(string caFile)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(caFile);
        return authorities;
    }
}
