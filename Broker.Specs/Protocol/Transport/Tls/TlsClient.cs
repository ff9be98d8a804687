using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Broker.Specs.Protocol.Transport.Tls;

/// <summary>A TLS client that trusts a spec's authority.</summary>
internal sealed class TlsClient : IDisposable
{
    private readonly Socket _socket;

    private TlsClient(Socket socket, SslStream stream)
    {
        _socket = socket;
        Stream = stream;
    }

    public SslStream Stream { get; }

    public X509Certificate2 ServerCertificate => (X509Certificate2)Stream.RemoteCertificate!;

    public static async Task<TlsClient> ConnectAsync(
        IPEndPoint address,
        X509Certificate2 authority,
        SslProtocols protocols = SslProtocols.Tls13,
        X509Certificate2? certificate = null,
        X509Certificate2Collection? chain = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        SslClientAuthenticationOptions options = Options(authority, protocols);
        if (certificate is not null)
        {
            options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }

        try
        {
            using var limit = new CancellationTokenSource(RecordingHandler.Patience);
            await stream.AuthenticateAsClientAsync(options, limit.Token);
            return new TlsClient(socket, stream);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    public static SslClientAuthenticationOptions Options(X509Certificate2 authority, SslProtocols protocols)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority);
        return new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocols,
            CertificateChainPolicy = policy,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
    }

    public async Task SendAsync(byte[] bytes)
    {
        using var limit = new CancellationTokenSource(RecordingHandler.Patience);
        await Stream.WriteAsync(bytes, limit.Token);
    }

    public async Task<byte[]> ReadExactlyAsync(int count)
    {
        using var limit = new CancellationTokenSource(RecordingHandler.Patience);
        var bytes = new byte[count];
        await Stream.ReadExactlyAsync(bytes, limit.Token);
        return bytes;
    }

    /// <summary>Reads to the end that close_notify marks; a connection that ends without it throws.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        using var limit = new CancellationTokenSource(RecordingHandler.Patience);
        using var all = new MemoryStream();
        await Stream.CopyToAsync(all, limit.Token);
        return all.ToArray();
    }

    public void Dispose()
    {
        Stream.Dispose();
        _socket.Dispose();
    }
}
