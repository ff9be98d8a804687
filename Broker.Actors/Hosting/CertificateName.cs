namespace Broker.Actors.Hosting;

/// <summary>What of a client certificate is the user name, <c>mqtt.security.x509.user-name</c>.</summary>
public enum CertificateName
{
    /// <summary>The CN of the subject; the most specific where there are several.</summary>
    CommonName,

    /// <summary>The whole subject (RFC 4514), as in <c>CN=device 7, O=Example</c>.</summary>
    Subject,

    /// <summary>The first DNS name of the subject's alternative names.</summary>
    Dns,

    /// <summary>The first e-mail address of them.</summary>
    Email,

    /// <summary>The first URI of them.</summary>
    Uri,
}
