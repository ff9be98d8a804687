namespace Broker.Actors.Hosting;

/// <summary><c>mqtt.security.http</c>.</summary>
public sealed record HttpUsersOptions
{
    /// <summary>Who is asked; https, or http on this machine. Needed where <c>http</c> is a source.</summary>
    public string Url { get; init; } = "";

    /// <summary>PEM file of the authorities that the URL's certificate must chain to; empty: the system's.</summary>
    public string CaFile { get; init; } = "";

    /// <summary>Sent as <c>Authorization: Bearer</c>, so that the service knows the broker; empty: nothing is.</summary>
    public string Token { get; init; } = "";

    /// <summary>How long an answer may take. 100 ms to a minute.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer counts for the same client with the same password from the same address; 0: it is asked each time. 0 to an hour.</summary>
    public TimeSpan CacheTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Answers that are kept; beyond that the cache begins anew. 1 to 1,000,000.</summary>
    public int CacheSize { get; init; } = 10_000;

    /// <summary>Failures in a row after which it is not asked for a while. 1 to 1,000.</summary>
    public int BreakerFailures { get; init; } = 5;

    /// <summary>How long it is not asked then; one client tries first. 100 ms to ten minutes.</summary>
    public TimeSpan BreakerPause { get; init; } = TimeSpan.FromSeconds(10);
}
