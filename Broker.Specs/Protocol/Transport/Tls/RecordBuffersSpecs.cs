using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Broker.Protocol.Transport.Tls;

namespace Broker.Specs.Protocol.Transport.Tls;

public sealed class RecordBuffersSpecs : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task OpenSSL_takes_the_mode_and_records_pass_in_both_directions_as_before(SslProtocols version)
    {
        using var limit = new CancellationTokenSource(RecordingHandler.Patience);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Task<TlsClient> connecting = TlsClient.ConnectAsync((IPEndPoint)listener.LocalEndPoint!, _certificates.Authority, version);
        await using var server = new SslStream(new NetworkStream(await listener.AcceptAsync(limit.Token), ownsSocket: true));
        await server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificates.CreateServer() }, limit.Token);
        using TlsClient client = await connecting;

        RecordBuffers.Release(server).Should().BeTrue("else this .NET keeps its SSL object elsewhere, and idle connections take 16 KB more each");

        byte[] sent = [.. Enumerable.Range(0, 100_000).Select(static i => (byte)i)];
        for (int i = 0; i < 3; i++)
        {
            byte[] received = new byte[sent.Length];
            await Task.WhenAll(client.SendAsync(sent), server.ReadExactlyAsync(received, limit.Token).AsTask());
            received.Should().Equal(sent);
            Task<byte[]> answer = client.ReadExactlyAsync(sent.Length);
            await server.WriteAsync(sent, limit.Token);
            (await answer).Should().Equal(sent);
        }
    }

    [Fact]
    public void Before_the_handshake_there_is_nothing_to_release()
    {
        using var stream = new SslStream(new MemoryStream());
        RecordBuffers.Release(stream).Should().BeFalse();
    }
}
