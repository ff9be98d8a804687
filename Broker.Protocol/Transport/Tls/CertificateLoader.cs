using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Broker.Protocol.Transport.Tls;

/// <summary>Makes a <see cref="TlsContext"/> of a listener's files. PEM is told from PFX by its content.</summary>
internal static class CertificateLoader
{
    private const string PemMark = "-----BEGIN ";

    /// <exception cref="ListenerException">Key, file and what is wrong with it.</exception>
    public static TlsContext Load(string listener, TlsOptions options, TlsFiles files)
    {
        string text = Encoding.UTF8.GetString(files.Certificate);
        X509Certificate2Collection chain = [];
        X509Certificate2 certificate = text.Contains(PemMark, StringComparison.Ordinal)
            ? LoadPem(listener, options, files, text, chain)
            : LoadPfx(listener, options, files, chain);

        // Offline: intermediates come from the file, never from an address that a certificate names.
        var context = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        return new TlsContext(context, LoadAuthorities(listener, options, files), options.ClientCertificate, options.AllowTls12);
    }

    private static X509Certificate2 LoadPem(
        string listener, TlsOptions options, TlsFiles files, string text, X509Certificate2Collection chain)
    {
        string keyText = files.Key is null ? text : Encoding.UTF8.GetString(files.Key);
        string keyName = files.Key is null ? "certificate-file" : "key-file";
        string keyPath = options.KeyFile ?? options.CertificateFile;
        Check(
            text.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal),
            listener, "certificate-file", options.CertificateFile, "it holds no certificate (BEGIN CERTIFICATE)");
        Check(
            keyText.Contains("PRIVATE KEY-----", StringComparison.Ordinal),
            listener, keyName, keyPath, "it holds no private key (BEGIN PRIVATE KEY); a key in a file of its own is named by key-file");
        Check(
            !keyText.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal),
            listener, keyName, keyPath, "the key is encrypted in OpenSSL's old format; convert it with: openssl pkcs8 -topk8 -in OLD -out NEW");
        bool encrypted = keyText.Contains("BEGIN ENCRYPTED PRIVATE KEY", StringComparison.Ordinal);
        Check(!encrypted || options.Password is not null, listener, keyName, keyPath, "the key is encrypted and tls.password is not set");

        try
        {
            chain.ImportFromPem(text);
        }
        catch (CryptographicException exception)
        {
            throw TlsFailure.Of(
                listener, "certificate-file", options.CertificateFile, $"a certificate in it is damaged: {exception.Message}", exception);
        }

        try
        {
            using var certificate = encrypted
                ? X509Certificate2.CreateFromEncryptedPem(text, keyText, options.Password)
                : X509Certificate2.CreateFromPem(text, keyText);
            return Usable(certificate);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            string problem = encrypted
                ? $"the key cannot be decrypted with tls.password, or does not belong to the certificate: {exception.Message}"
                : $"the key cannot be read, or does not belong to the certificate: {exception.Message}";
            throw TlsFailure.Of(listener, keyName, keyPath, problem.TrimEnd('.'), exception);
        }
    }

    private static X509Certificate2 LoadPfx(string listener, TlsOptions options, TlsFiles files, X509Certificate2Collection chain)
    {
        Check(
            options.KeyFile is null, listener, "key-file", options.KeyFile ?? "",
            "a key file goes with a PEM certificate, and certificate-file is not PEM");
        try
        {
            chain.AddRange(X509CertificateLoader.LoadPkcs12Collection(
                files.Certificate, options.Password, X509KeyStorageFlags.DefaultKeySet | X509KeyStorageFlags.Exportable));
        }
        catch (CryptographicException exception)
        {
            string problem = options.Password is null
                ? $"it is neither PEM nor a PFX without a password: {exception.Message}"
                : $"it is neither PEM nor a PFX that tls.password opens: {exception.Message}";
            throw TlsFailure.Of(listener, "certificate-file", options.CertificateFile, problem.TrimEnd('.'), exception);
        }

        foreach (X509Certificate2 candidate in chain)
        {
            if (candidate.HasPrivateKey)
            {
                return candidate;
            }
        }

        throw TlsFailure.Of(listener, "certificate-file", options.CertificateFile, "the PFX holds no private key");
    }

    private static X509Certificate2Collection? LoadAuthorities(string listener, TlsOptions options, TlsFiles files)
    {
        if (files.ClientAuthorities is null)
        {
            return null;
        }

        X509Certificate2Collection authorities = [];
        try
        {
            authorities.ImportFromPem(Encoding.UTF8.GetString(files.ClientAuthorities));
        }
        catch (CryptographicException exception)
        {
            throw TlsFailure.Of(
                listener, "client-ca-file", options.ClientCaFile!, $"a certificate in it is damaged: {exception.Message}", exception);
        }

        Check(authorities.Count > 0, listener, "client-ca-file", options.ClientCaFile!, "it holds no certificate (BEGIN CERTIFICATE)");
        return authorities;
    }

    // Windows serves TLS only with keys that its store has seen; elsewhere a copy keeps the certificate past the using.
    private static X509Certificate2 Usable(X509Certificate2 certificate) => OperatingSystem.IsWindows()
        ? X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null)
        : new X509Certificate2(certificate);

    private static void Check(bool condition, string listener, string key, string path, string problem)
    {
        if (!condition)
        {
            throw TlsFailure.Of(listener, key, path, problem);
        }
    }
}
