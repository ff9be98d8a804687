using Broker.Protocol.Transport;

namespace Broker.Node.Configuration;

/// <summary><c>mqtt.listeners.NAME.tls</c>.</summary>
internal static class TlsSettings
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    /// <summary>Reads it; that the files are there is asked only of listeners that are enabled.</summary>
    public static TlsOptions Read(SettingReader tls, bool enabled)
    {
        var defaults = new TlsOptions { CertificateFile = "" };
        var options = defaults with
        {
            CertificateFile = tls.Text("certificate-file", ""),
            KeyFile = NullIfEmpty(tls.Text("key-file", "")),
            Password = NullIfEmpty(tls.Text("password", "")),
            ClientCaFile = NullIfEmpty(tls.Text("client-ca-file", "")),
            ClientCertificate = tls.Choice("client-certificate", defaults.ClientCertificate),
            AllowTls12 = tls.Flag("allow-tls12", defaults.AllowTls12),
            HandshakeTimeout = tls.Duration("handshake-timeout", defaults.HandshakeTimeout, Shortest, TimeSpan.FromMinutes(10)),
            MaxHandshakes = tls.Number("max-handshakes", defaults.MaxHandshakes, 0, 1_000_000),
            ReloadInterval = tls.Duration("reload-interval", defaults.ReloadInterval, Shortest, TimeSpan.FromDays(1)),
        };

        if (enabled)
        {
            CheckFiles(tls, options);
        }

        return options;
    }

    private static void CheckFiles(SettingReader tls, TlsOptions options)
    {
        if (options.CertificateFile.Length == 0)
        {
            tls.Problem("certificate-file", "a listener with TLS needs a certificate: name a PFX or PEM file, or disable the listener.");
        }

        foreach (var (name, file) in new[]
        {
            ("certificate-file", NullIfEmpty(options.CertificateFile)), ("key-file", options.KeyFile), ("client-ca-file", options.ClientCaFile),
        })
        {
            if (file is not null && !File.Exists(file))
            {
                tls.Problem(name, $"there is no such file (looked for {Path.GetFullPath(file)}).");
            }
        }
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
