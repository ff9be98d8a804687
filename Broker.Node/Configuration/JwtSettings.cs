using Broker.Actors.Hosting;
using Broker.Actors.Security.Http;
using Broker.Actors.Security.Jwt;

namespace Broker.Node.Configuration;

/// <summary><c>mqtt.security.jwt</c>.</summary>
internal static class JwtSettings
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    /// <summary>The keys are looked at only where they are used.</summary>
    public static JwtOptions Read(SettingReader jwt, bool isUsed)
    {
        var defaults = new JwtOptions();
        var options = new JwtOptions
        {
            Keys = jwt.Text("keys", defaults.Keys),
            CaFile = jwt.Text("ca-file", defaults.CaFile),
            Issuer = jwt.Text("issuer", defaults.Issuer),
            Audience = jwt.Text("audience", defaults.Audience),
            UserNameClaim = jwt.Text("user-name-claim", defaults.UserNameClaim),
            RolesClaim = jwt.Text("roles-claim", defaults.RolesClaim),
            Leeway = jwt.Duration("leeway", defaults.Leeway, TimeSpan.Zero, TimeSpan.FromMinutes(5)),
            RefreshInterval = jwt.Duration("refresh-interval", defaults.RefreshInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            Timeout = jwt.Duration("timeout", defaults.Timeout, Shortest, TimeSpan.FromMinutes(1)),
        };
        if (isUsed)
        {
            Check(jwt, options);
        }

        return options;
    }

    private static void Check(SettingReader jwt, JwtOptions options)
    {
        var problem = options.Keys.Length == 0 ? "mqtt.security.authentication has jwt, which needs keys: name a file with a JWKS, or an https URL."
            : IsUrl(options.Keys) ? SecurityHttp.Problem(options.Keys)
            : JwtKeySet.Problem(options.Keys);
        if (problem is not null)
        {
            jwt.Problem("keys", problem);
        }

        foreach (var (name, value) in new[] { ("issuer", options.Issuer), ("audience", options.Audience), ("user-name-claim", options.UserNameClaim) })
        {
            if (value.Length == 0)
            {
                jwt.Problem(name, "mqtt.security.authentication has jwt, which needs it: without it a token for somebody else would count here.");
            }
        }

        if (options.CaFile.Length > 0 && SecurityHttp.ProblemOfAuthorities(options.CaFile) is { } authorities)
        {
            jwt.Problem("ca-file", authorities);
        }
    }

    private static bool IsUrl(string keys) => keys.Contains("://", StringComparison.Ordinal);
}
