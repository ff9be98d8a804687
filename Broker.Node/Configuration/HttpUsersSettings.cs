using Broker.Actors.Hosting;
using Broker.Actors.Security.Http;

namespace Broker.Node.Configuration;

/// <summary><c>mqtt.security.http</c>.</summary>
internal static class HttpUsersSettings
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    public static HttpUsersOptions Read(SettingReader http, bool isUsed)
    {
        var defaults = new HttpUsersOptions();
        var options = new HttpUsersOptions
        {
            Url = http.Text("url", defaults.Url),
            CaFile = http.Text("ca-file", defaults.CaFile),
            Token = http.Text("token", defaults.Token),
            Timeout = http.Duration("timeout", defaults.Timeout, Shortest, TimeSpan.FromMinutes(1)),
            CacheTime = http.Duration("cache-time", defaults.CacheTime, TimeSpan.Zero, TimeSpan.FromHours(1)),
            CacheSize = http.Number("cache-size", defaults.CacheSize, 1, 1_000_000),
            BreakerFailures = http.Number("breaker-failures", defaults.BreakerFailures, 1, 1_000),
            BreakerPause = http.Duration("breaker-pause", defaults.BreakerPause, Shortest, TimeSpan.FromMinutes(10)),
        };
        if (isUsed && SecurityHttp.Problem(options.Url) is { } problem)
        {
            http.Problem("url", problem);
        }

        if (isUsed && options.CaFile.Length > 0 && SecurityHttp.ProblemOfAuthorities(options.CaFile) is { } authorities)
        {
            http.Problem("ca-file", authorities);
        }

        return options;
    }
}
