namespace Broker.Actors.Hosting;

/// <summary><c>mqtt.security</c>.</summary>
public sealed record SecurityOptions
{
    /// <summary>Whether a client needs no user name.</summary>
    public bool AllowAnonymous { get; init; } = true;

    /// <summary>Who knows clients, in the order in which they are asked; empty: nobody does, and every client is anonymous.</summary>
    public IReadOnlyList<AuthenticationSource> Authentication { get; init; } = [];

    /// <summary>The authentication methods that MQTT 5 clients may use (section 4.12), where a source has what they need.</summary>
    public IReadOnlyList<string> AuthenticationMethods { get; init; } = ["SCRAM-SHA-256"];

    /// <summary>How long an authentication may take, from CONNECT or from the AUTH that asks for another one. 100 ms to ten minutes.</summary>
    public TimeSpan AuthenticationTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where <c>password-file</c> is a source.</summary>
    public PasswordFileOptions PasswordFile { get; init; } = new();

    /// <summary>Where <c>sql</c> is a source.</summary>
    public SqlUsersOptions Sql { get; init; } = new();

    /// <summary>Where <c>x509</c> is a source.</summary>
    public CertificateUsersOptions X509 { get; init; } = new();

    /// <summary>Where <c>jwt</c> is a source.</summary>
    public JwtOptions Jwt { get; init; } = new();

    /// <summary>Where <c>http</c> is a source.</summary>
    public HttpUsersOptions Http { get; init; } = new();

    /// <summary>What clients may do.</summary>
    public AuthorizationOptions Authorization { get; init; } = new();
}
