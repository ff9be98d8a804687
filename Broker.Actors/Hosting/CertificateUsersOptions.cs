namespace Broker.Actors.Hosting;

/// <summary><c>mqtt.security.x509</c>.</summary>
public sealed record CertificateUsersOptions
{
    /// <summary>What of the certificate is the user name.</summary>
    public CertificateName UserName { get; init; } = CertificateName.CommonName;

    /// <summary>Whether a client that shows a certificate must use the user name as its client id.</summary>
    public bool ClientIdMustMatch { get; init; }
}
