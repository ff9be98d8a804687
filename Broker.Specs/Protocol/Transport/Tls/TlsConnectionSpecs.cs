using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Broker.Protocol.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Protocol.Transport.Tls;

public abstract class TlsConnectionSpecs(TransportKind transport) : IAsyncLifetime, IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private ListenerOptions _options = null!;
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _options = new ListenerOptions
        {
            Name = "tls",
            Type = ListenerType.Tls,
            Enabled = true,
            Host = "127.0.0.1",
            Tls = new TlsOptions { CertificateFile = _certificates.WritePem("server.pem", _certificates.CreateServer()) },
        };
        _server = await TestServer.StartAsync(_options, _time, transport);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        _certificates.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Packets_and_answers_pass_in_both_versions(SslProtocols version)
    {
        using TlsClient client = await ConnectAsync(version);
        RecordingHandler server = _server.NextConnection();
        server.WhenReadComplete = server.Channel.Flush;
        server.WhenPacket = packet => server.Channel.Output.Write<byte>([(byte)packet.Type]);

        await client.SendAsync(Wire.Join(Wire.Connect, Wire.Ping));

        (await client.ReadExactlyAsync(2)).Should().Equal(1, 12);
        client.Stream.SslProtocol.Should().Be(version);
        server.Channel.ClientCertificate.Should().BeNull();
        server.Channel.Listener.Should().Be("tls");
    }

    // What arrives with the last message of the handshake is handed over without a completed read after it.
    [Fact]
    public async Task A_client_that_speaks_right_after_the_handshake_is_always_answered()
    {
        AnswerEachPacket();

        for (int i = 0; i < 100; i++)
        {
            using var pair = new Coalescing(_server.Address);
            await using var stream = new SslStream(pair);
            using var limit = new CancellationTokenSource(RecordingHandler.Patience);
            await stream.AuthenticateAsClientAsync(TlsClient.Options(_certificates.Authority, SslProtocols.Tls13), limit.Token);
            await stream.WriteAsync(Wire.Connect, limit.Token);
            await stream.ReadExactlyAsync(new byte[1], limit.Token);
        }
    }

    // A handshake that resumes has no certificate in it.
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_client_that_comes_again_resumes_its_session(SslProtocols version)
    {
        AnswerEachPacket();
        SslClientAuthenticationOptions options = TlsClient.Options(_certificates.Authority, version);
        var received = new List<long>();
        for (int i = 0; i < 2; i++)
        {
            using var pair = new Coalescing(_server.Address);
            await using var stream = new SslStream(pair);
            using var limit = new CancellationTokenSource(RecordingHandler.Patience);
            await stream.AuthenticateAsClientAsync(options, limit.Token);
            received.Add(pair.Received);

            // The tickets of TLS 1.3 come behind the handshake.
            await stream.WriteAsync(Wire.Connect, limit.Token);
            await stream.ReadExactlyAsync(new byte[1], limit.Token);
        }

        received[1].Should().BeLessThan(received[0] / 2);
    }

    [Fact]
    public async Task Large_streams_pass_in_both_directions()
    {
        using TlsClient client = await ConnectAsync();
        RecordingHandler server = _server.NextConnection();
        byte[] answer = Enumerable.Range(0, 1_000_000).Select(i => (byte)(i * 31 >> 3)).ToArray();
        string[] expected = Enumerable.Range(0, 20_000).Select(i => i.ToString(null as IFormatProvider)).ToArray();

        Task<byte[]> read = client.ReadExactlyAsync(answer.Length);
        server.Send(answer);
        await client.SendAsync(Wire.Join(Wire.Connect, Wire.Join(expected.Select(p => Wire.Publish(p)).ToArray())));

        (await read).Should().Equal(answer);
        server.WaitUntil(s => s.Packets.Count == 20_001);
        server.Payloads().Should().Equal(expected);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_close_sends_everything_then_close_notify(SslProtocols version)
    {
        using TlsClient client = await ConnectAsync(version);
        RecordingHandler server = _server.NextConnection();

        server.OnLoop(() => server.Channel.Output.Write(new byte[300_000]));
        server.Channel.Close();

        (await client.ReadToEndAsync()).Should().HaveCount(300_000);
        server.WaitUntil(s => s.Count("closed") == 1);
        server.Cause.Should().BeNull();
    }

    [Fact]
    public async Task A_client_that_closes_is_a_clean_end()
    {
        TlsClient client = await ConnectAsync();
        RecordingHandler server = _server.NextConnection();
        await client.SendAsync(Wire.Connect);
        await client.Stream.ShutdownAsync();
        client.Dispose();

        server.WaitUntil(s => s.Count("closed") == 1);
        server.Cause.Should().BeNull();
        server.Packets.Should().ContainSingle();
    }

    [Fact]
    public async Task Water_marks_count_what_TLS_holds()
    {
        using TlsClient client = await ConnectAsync();
        RecordingHandler server = _server.NextConnection();
        long written = server.OnLoop(() =>
        {
            long sum = 0;
            while (server.Channel.IsWritable)
            {
                server.Channel.Output.Write(new byte[10_000]);
                sum += 10_000;
                server.Channel.Flush();
            }

            return sum;
        });
        server.Count("writable").Should().Be(0);

        await client.ReadExactlyAsync((int)written);

        server.WaitUntil(s => s.Count("writable") == 1);
    }

    [Fact]
    public void A_handshake_that_does_not_end_is_ended_at_the_timeout()
    {
        Socket client = _server.ConnectSocket();
        client.Send([0x16, 0x03, 0x01]);
        SpinWait.SpinUntil(() => _server.Transport.Connections.Snapshot() is [{ HasReceived: true }], RecordingHandler.Patience)
            .Should().BeTrue();

        _time.Advance(_options.Tls!.HandshakeTimeout);

        client.ReadToEnd().Should().BeEmpty();
        _server.HasConnection.Should().BeFalse();
        _server.Loggers.Lines.Should().ContainSingle().Which.Should().Contain("it was not complete in time");
    }

    [Fact]
    public async Task The_oldest_of_too_many_handshakes_gives_way()
    {
        await using TestServer narrow = await TestServer.StartAsync(_options with { Tls = _options.Tls! with { MaxHandshakes = 2 } }, transport: transport);
        Socket oldest = BeginHandshake(narrow, 1);
        BeginHandshake(narrow, 2);

        using TlsClient honest = await TlsClient.ConnectAsync(narrow.Address, _certificates.Authority);
        narrow.NextConnection();

        oldest.ReadToEnd().Should().BeEmpty();
        narrow.Transport.ConnectionCount.Should().Be(2, "the honest one and the younger of the two stay");
        narrow.Loggers.Lines.Should().ContainSingle().Which.Should().EndWith("(max-handshakes)");
        using TlsClient another = await TlsClient.ConnectAsync(narrow.Address, _certificates.Authority);
        narrow.Transport.ConnectionCount.Should().Be(3, "a handshake that is complete has left its place");
    }

    [Fact]
    public async Task Records_that_come_together_are_one_batch()
    {
        AnswerEachPacket();
        using var pair = new Coalescing(_server.Address);
        await using var stream = new SslStream(pair);
        using var limit = new CancellationTokenSource(RecordingHandler.Patience);
        await stream.AuthenticateAsClientAsync(TlsClient.Options(_certificates.Authority, SslProtocols.Tls13), limit.Token);
        await stream.WriteAsync(Wire.Connect, limit.Token);
        await stream.ReadExactlyAsync(new byte[1], limit.Token);
        RecordingHandler server = _server.NextConnection();
        server.Count("complete").Should().Be(1);

        for (int i = 0; i < 10; i++)
        {
            await stream.WriteAsync(Wire.Ping, limit.Token);
        }

        await stream.ReadExactlyAsync(new byte[10], limit.Token);

        server.Packets.Should().HaveCount(11);
        server.Count("complete").Should().Be(2);
    }

    [Fact]
    public async Task A_connection_outlives_the_timeout_of_its_handshake()
    {
        using TlsClient client = await ConnectAsync();
        RecordingHandler server = _server.NextConnection();

        _time.Advance(_options.Tls!.HandshakeTimeout * 2);
        await client.SendAsync(Wire.Connect);

        server.WaitUntil(s => s.Packets.Count == 1);
    }

    [Fact]
    public void A_client_without_TLS_is_refused_with_one_line()
    {
        Socket client = _server.ConnectSocket();
        client.Send(Wire.Connect);

        SpinWait.SpinUntil(() => _server.Transport.ConnectionCount == 0 && !_server.Loggers.Lines.IsEmpty, RecordingHandler.Patience)
            .Should().BeTrue();

        _server.Loggers.Lines.Should().ContainSingle().Which.Should()
            .StartWith("Information: TLS handshake with 127.0.0.1:").And.EndWith("what the client sends is not TLS");
        _server.HasConnection.Should().BeFalse();
    }

    [Fact]
    public async Task A_probe_that_only_connects_makes_no_noise()
    {
        _server.ConnectSocket().Close();
        using TlsClient client = await ConnectAsync();
        _server.NextConnection();

        SpinWait.SpinUntil(() => _server.Transport.ConnectionCount == 1, RecordingHandler.Patience).Should().BeTrue();
        _server.Loggers.Lines.Should().BeEmpty();
    }

    [Fact]
    public async Task TLS_12_can_be_turned_off()
    {
        await using TestServer strict = await TestServer.StartAsync(_options with { Tls = _options.Tls! with { AllowTls12 = false } }, transport: transport);

        Func<Task> old = () => TlsClient.ConnectAsync(strict.Address, _certificates.Authority, SslProtocols.Tls12);

        await old.Should().ThrowAsync<AuthenticationException>();
        using TlsClient client = await TlsClient.ConnectAsync(strict.Address, _certificates.Authority);
        strict.NextConnection();
    }

    [Fact]
    public async Task Garbage_within_TLS_ends_that_connection_with_a_cause()
    {
        TlsClient client = await ConnectAsync();
        RecordingHandler server = _server.NextConnection();
        var inner = (Stream)typeof(AuthenticatedStream).GetProperty("InnerStream", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!
            .GetValue(client.Stream)!;

        await inner.WriteAsync(new byte[] { 0x17, 0x03, 0x03, 0x00, 0x20 }.Concat(new byte[32]).ToArray());

        server.WaitUntil(s => s.Count("closed") == 1);
        server.Cause.Should().NotBeNull();
        client.Dispose();
    }

    private static Socket BeginHandshake(TestServer server, int connections)
    {
        Socket client = server.ConnectSocket();
        client.Send([0x16, 0x03, 0x01]);
        SpinWait.SpinUntil(() => server.Transport.Connections.Snapshot().Count(c => c.HasReceived) == connections, RecordingHandler.Patience).Should().BeTrue();
        return client;
    }

    private void AnswerEachPacket() => _server.Prepare = handler =>
    {
        handler.WhenReadComplete = handler.Channel.Flush;
        handler.WhenPacket = _ => handler.Channel.Output.Write<byte>([1]);
        return handler;
    };

    private Task<TlsClient> ConnectAsync(SslProtocols version = SslProtocols.Tls13) =>
        TlsClient.ConnectAsync(_server.Address, _certificates.Authority, version);
}

public sealed class EpollTlsConnectionSpecs() : TlsConnectionSpecs(TransportKind.Epoll);

public sealed class SocketsTlsConnectionSpecs() : TlsConnectionSpecs(TransportKind.Sockets);
