using Broker.Actors.Hosting;
using Broker.Actors.Security.Users;
using Broker.Protocol.Transport;

namespace Broker.Node.Configuration;

/// <summary><c>mqtt.security</c>.</summary>
internal static class SecuritySettings
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    /// <param name="security">The block.</param>
    /// <param name="listeners">Where clients may show certificates.</param>
    public static SecurityOptions Read(SettingReader security, IReadOnlyList<ListenerOptions> listeners)
    {
        var defaults = new SecurityOptions();
        var sources = security.Choices<AuthenticationSource>("authentication");
        if (sources.Contains(AuthenticationSource.X509) && !listeners.Any(static listener => listener.Enabled && listener.Tls is { ClientCertificate: not ClientCertificateMode.None }))
        {
            security.Problem("authentication", "has x509, and no enabled listener asks for certificates: set client-certificate of a tls or wss listener to optional or required.");
        }

        return new SecurityOptions
        {
            AllowAnonymous = security.Flag("allow-anonymous", defaults.AllowAnonymous),
            Authentication = sources,
            AuthenticationMethods = ReadMethods(security, defaults.AuthenticationMethods),
            AuthenticationTimeout = security.Duration("authentication-timeout", defaults.AuthenticationTimeout, Shortest, TimeSpan.FromMinutes(10)),
            PasswordFile = ReadPasswordFile(security.Section("password-file"), sources.Contains(AuthenticationSource.PasswordFile)),
            Sql = ReadSql(security.Section("sql"), sources.Contains(AuthenticationSource.Sql)),
            X509 = ReadCertificates(security.Section("x509")),
            Jwt = JwtSettings.Read(security.Section("jwt"), sources.Contains(AuthenticationSource.Jwt)),
            Http = HttpUsersSettings.Read(security.Section("http"), sources.Contains(AuthenticationSource.Http)),
            Authorization = AuthorizationSettings.Read(security.Section("authorization")),
        };
    }

    private static IReadOnlyList<string> ReadMethods(SettingReader security, IReadOnlyList<string> known)
    {
        var methods = security.Texts("authentication-methods");
        foreach (var method in methods.Except(known))
        {
            security.Problem("authentication-methods", $"has \"{method}\"; each must be one of {string.Join(", ", known)}.");
        }

        return security.Has("authentication-methods") ? methods : known;
    }

    /// <summary>The file itself is looked at only where it is used.</summary>
    private static PasswordFileOptions ReadPasswordFile(SettingReader file, bool isUsed)
    {
        var defaults = new PasswordFileOptions();
        var options = new PasswordFileOptions
        {
            Path = file.Text("path", defaults.Path),
            ReloadInterval = file.Duration("reload-interval", defaults.ReloadInterval, Shortest, TimeSpan.FromDays(1)),
            ConcurrentChecks = file.Number("concurrent-checks", defaults.ConcurrentChecks, 0, 1_024),
        };
        if (isUsed && options.Path.Length == 0)
        {
            file.Problem("path", "mqtt.security.authentication has password-file, which needs a file: make one with Broker.Node passwd FILE USER, and name it here.");
        }
        else if (isUsed && PasswordFileCheck.Problem(options.Path) is { } problem)
        {
            file.Problem("path", problem);
        }

        return options;
    }

    /// <summary>The query itself is asked only where somebody connects.</summary>
    private static SqlUsersOptions ReadSql(SettingReader sql, bool isUsed)
    {
        var defaults = new SqlUsersOptions();
        var options = new SqlUsersOptions
        {
            Query = sql.Text("query", defaults.Query),
            Database = SecurityDatabaseSettings.Read(sql.Section("database")),
            ConcurrentChecks = sql.Number("concurrent-checks", defaults.ConcurrentChecks, 0, 1_024),
        };
        if (isUsed && !options.Query.Contains("@user", StringComparison.Ordinal))
        {
            sql.Problem("query", "mqtt.security.authentication has sql, which needs a query with @user, such as \"SELECT password_hash, roles FROM mqtt_user WHERE name = @user\".");
        }

        return options;
    }

    private static CertificateUsersOptions ReadCertificates(SettingReader x509)
    {
        var defaults = new CertificateUsersOptions();
        return new CertificateUsersOptions
        {
            UserName = x509.Choice("user-name", defaults.UserName),
            ClientIdMustMatch = x509.Flag("client-id-must-match", defaults.ClientIdMustMatch),
        };
    }
}
