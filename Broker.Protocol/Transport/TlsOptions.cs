namespace Broker.Protocol.Transport;

/// <summary>Whether a TLS client shows a certificate.</summary>
public enum ClientCertificateMode
{
    /// <summary>Not asked for.</summary>
    None,

    /// <summary>Asked for, checked where given.</summary>
    Optional,

    /// <summary>No handshake without a valid one.</summary>
    Required,
}

/// <summary>TLS of one listener, <c>mqtt.listeners.NAME.tls</c>.</summary>
public sealed record TlsOptions
{
    /// <summary>A PFX (PKCS#12) file with the private key, or a PEM file with the certificate and its chain.</summary>
    public required string CertificateFile { get; init; }

    /// <summary>The private key for a PEM certificate; null where it is in <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Of the PFX or the encrypted key; null for none.</summary>
    public string? Password { get; init; }

    /// <summary>PEM file of the authorities that client certificates must chain to; null: the system's.</summary>
    public string? ClientCaFile { get; init; }

    /// <summary>Whether clients show a certificate.</summary>
    public ClientCertificateMode ClientCertificate { get; init; }

    /// <summary>TLS 1.2 is accepted beside 1.3.</summary>
    public bool AllowTls12 { get; init; } = true;

    /// <summary>A handshake that takes longer is ended.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Handshakes under way at the same time, of a listener of type tls: where one too many begins, the oldest is ended; 0: no limit.</summary>
    public int MaxHandshakes { get; init; } = 2000;

    /// <summary>How often the files are looked at for a change.</summary>
    public TimeSpan ReloadInterval { get; init; } = TimeSpan.FromSeconds(5);
}
