using Broker.Actors.Hosting;
using Broker.Actors.Security;

namespace Broker.Node.Configuration;

/// <summary><c>mqtt.security</c>.</summary>
internal static class SecuritySettings
{
    public static SecurityOptions Read(SettingReader security)
    {
        var defaults = new SecurityOptions();
        return new SecurityOptions
        {
            AllowAnonymous = security.Flag("allow-anonymous", defaults.AllowAnonymous),
            Authorization = ReadAuthorization(security.Section("authorization")),
        };
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
