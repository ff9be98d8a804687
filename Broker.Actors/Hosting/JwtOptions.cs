namespace Broker.Actors.Hosting;

/// <summary><c>mqtt.security.jwt</c>.</summary>
public sealed record JwtOptions
{
    /// <summary>A file with the keys (JWKS, RFC 7517), or an https URL that answers them; needed where <c>jwt</c> is a source.</summary>
    public string Keys { get; init; } = "";

    /// <summary>PEM file of the authorities that the URL's certificate must chain to; empty: the system's.</summary>
    public string CaFile { get; init; } = "";

    /// <summary>Who must have issued a token (iss); needed where <c>jwt</c> is a source.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>Whom a token must be for (aud); needed where <c>jwt</c> is a source.</summary>
    public string Audience { get; init; } = "";

    /// <summary>The claim that is the user name.</summary>
    public string UserNameClaim { get; init; } = "sub";

    /// <summary>The claim that has the roles, as a list or as text with spaces between; a token need not have it.</summary>
    public string RolesClaim { get; init; } = "roles";

    /// <summary>How far clocks may differ. 0 to five minutes.</summary>
    public TimeSpan Leeway { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the keys are read again. One second to a day.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an answer of the URL may take. 100 ms to a minute.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
