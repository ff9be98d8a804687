using Broker.Actors.Hosting;
using Broker.Actors.Security;
using Broker.Actors.Security.Users;

namespace Broker.Node.Configuration;

/// <summary><c>mqtt.security</c>.</summary>
internal static class SecuritySettings
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    public static SecurityOptions Read(SettingReader security)
    {
        var defaults = new SecurityOptions();
        var sources = security.Choices<AuthenticationSource>("authentication");
        return new SecurityOptions
        {
            AllowAnonymous = security.Flag("allow-anonymous", defaults.AllowAnonymous),
            Authentication = sources,
            AuthenticationMethods = ReadMethods(security, defaults.AuthenticationMethods),
            AuthenticationTimeout = security.Duration("authentication-timeout", defaults.AuthenticationTimeout, Shortest, TimeSpan.FromMinutes(10)),
            PasswordFile = ReadPasswordFile(security.Section("password-file"), sources.Contains(AuthenticationSource.PasswordFile)),
            Authorization = ReadAuthorization(security.Section("authorization")),
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

    private static AuthorizationOptions ReadAuthorization(SettingReader authorization)
    {
        var rules = new List<AccessRule>();
        foreach (var text in authorization.Texts("rules"))
        {
            if (AccessRule.TryParse(text, out var rule, out var problem))
            {
                rules.Add(rule!);
            }
            else
            {
                authorization.Problem("rules", problem + ".");
            }
        }

        return new AuthorizationOptions
        {
            Rules = rules,
            RevealReason = authorization.Flag("reveal-reason", new AuthorizationOptions().RevealReason),
        };
    }
}
