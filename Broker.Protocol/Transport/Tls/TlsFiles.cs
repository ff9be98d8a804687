using System.Security.Cryptography;

namespace Broker.Protocol.Transport.Tls;

/// <summary>
/// The files of a listener's TLS, read once: what is checked for a change is exactly what is then loaded. They are small
/// enough to be read whole every few seconds, and content tells what modification times do not (a mounted secret that is
/// swapped by a link, a file restored with its old time).
/// </summary>
internal sealed class TlsFiles
{
    private TlsFiles(byte[] certificate, byte[]? key, byte[]? clientAuthorities)
    {
        Certificate = certificate;
        Key = key;
        ClientAuthorities = clientAuthorities;
        Fingerprint = Hash(certificate) + Hash(key) + Hash(clientAuthorities);
    }

    public byte[] Certificate { get; }

    public byte[]? Key { get; }

    public byte[]? ClientAuthorities { get; }

    /// <summary>Equal for equal content.</summary>
    public string Fingerprint { get; }

    /// <exception cref="ListenerException">A file cannot be read.</exception>
    public static TlsFiles Read(string listener, TlsOptions options) => new(
        Read(listener, "certificate-file", options.CertificateFile)!,
        Read(listener, "key-file", options.KeyFile),
        options.ClientCertificate == ClientCertificateMode.None ? null : Read(listener, "client-ca-file", options.ClientCaFile));

    private static byte[]? Read(string listener, string key, string? path)
    {
        if (path is null)
        {
            return null;
        }

        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw TlsFailure.Of(listener, key, path, "there is no such file", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw TlsFailure.Of(listener, key, path, "this user may not read the file", exception);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or NotSupportedException)
        {
            throw TlsFailure.Of(listener, key, path, $"the file cannot be read: {exception.Message}", exception);
        }
    }

    private static string Hash(byte[]? content) => content is null ? "-" : Convert.ToHexString(SHA256.HashData(content));
}
