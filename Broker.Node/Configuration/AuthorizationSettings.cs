using Broker.Actors.Hosting;
using Broker.Actors.Security;
using Broker.Actors.Security.Sources;

namespace Broker.Node.Configuration;

/// <summary><c>mqtt.security.authorization</c>.</summary>
internal static class AuthorizationSettings
{
    public static AuthorizationOptions Read(SettingReader authorization)
    {
        var defaults = new AuthorizationOptions();
        var options = new AuthorizationOptions
        {
            Rules = ReadRules(authorization),
            Default = authorization.Choice("default", defaults.Default),
            AclFile = authorization.Text("acl-file", defaults.AclFile),
            AclQuery = authorization.Text("acl-query", defaults.AclQuery),
            Database = SecurityDatabaseSettings.Read(authorization.Section("database")),
            ReloadInterval = authorization.Duration("reload-interval", defaults.ReloadInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1)),
            RevealReason = authorization.Flag("reveal-reason", defaults.RevealReason),
        };
        if (options.AclFile.Length > 0 && AclFile.Problem(options.AclFile) is { } problem)
        {
            authorization.Problem("acl-file", problem);
        }

        return options;
    }

    private static List<AccessRule> ReadRules(SettingReader authorization)
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

        return rules;
    }
}
