namespace Broker.Actors.Hosting;

/// <summary>What knows clients, in <c>mqtt.security.authentication</c>.</summary>
public enum AuthenticationSource
{
    /// <summary>A file of users, made by <c>Broker.Node passwd</c>.</summary>
    PasswordFile,

    /// <summary>A table of users.</summary>
    Sql,

    /// <summary>The certificate that a client shows in its TLS handshake.</summary>
    X509,

    /// <summary>A signed token in the password.</summary>
    Jwt,

    /// <summary>A service of yours, asked by HTTP.</summary>
    Http,
}
