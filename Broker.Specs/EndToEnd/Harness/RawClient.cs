using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.EndToEnd.Harness;

/// <summary>
/// A client that does exactly what a spec tells it and nothing by itself: no keep alive, no acknowledgement, no reconnect.
/// This file has the wire; RawClient.Expectations.cs what may be expected on it, RawClient.Exchanges.cs the exchanges
/// that most specs only need done.
/// </summary>
internal sealed partial class RawClient : IAsyncDisposable
{
    private readonly BrokerEndpoint _broker;
    private readonly TcpClient _tcp;
    private readonly Stream _stream;
    private readonly ProtocolVersion _version;
    private readonly Inbox _inbox = new();
    private readonly Task _reading;
    private volatile bool _stopped;
    private ushort _lastPacketId;

    private RawClient(BrokerEndpoint broker, TcpClient tcp, Stream stream, ProtocolVersion version)
    {
        _broker = broker;
        _tcp = tcp;
        _stream = stream;
        _version = version;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>What the broker answered to CONNECT.</summary>
    public ConnAckPacket ConnAck { get; private set; } = new();

    /// <summary>Opens the connection below MQTT: nothing is sent.</summary>
    /// <param name="broker">Where to.</param>
    /// <param name="version">What will be spoken.</param>
    /// <param name="security">What is below it.</param>
    /// <param name="from">The client's own address; null: the system's choice.</param>
    public static async Task<RawClient> OpenAsync(BrokerEndpoint broker, ProtocolVersion version, Security security = Security.None, IPAddress? from = null)
    {
        var tcp = from is null ? new TcpClient() : new TcpClient(new IPEndPoint(from, 0));
        tcp.NoDelay = true;
        try
        {
            await tcp.ConnectAsync(broker.Host, security switch
            {
                Security.None => broker.Port,
                Security.Tls => broker.TlsPort,
                _ => broker.MutualTlsPort,
            });
            Stream stream = security is Security.None ? tcp.GetStream() : await SecureAsync(tcp, broker, security);
            return new RawClient(broker, tcp, stream, version);
        }
        catch
        {
            tcp.Dispose();
            throw;
        }
    }

    /// <summary>Connects and expects to be accepted.</summary>
    public static async Task<RawClient> ConnectAsync(BrokerEndpoint broker, ConnectPacket connect, Security security = Security.None)
    {
        var client = await OpenAsync(broker, connect.Version, security);
        try
        {
            await client.SendAsync(connect);
            client.ConnAck = await client.ExpectAsync<ConnAckPacket>();
            client.ConnAck.ReasonCode.Should().Be(ReasonCode.Success, "the broker should accept the client");
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>The next packet id, never 0.</summary>
    public ushort NextPacketId() => _lastPacketId == ushort.MaxValue ? _lastPacketId = 1 : ++_lastPacketId;

    /// <summary>Sends packets in one write.</summary>
    public Task SendAsync(params Packet[] packets)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var packet in packets)
        {
            PacketEncoder.Write(buffer, packet, _version);
        }

        return SendAsync(buffer.WrittenMemory);
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes);
        await _stream.FlushAsync();
    }

    /// <summary>Stops taking bytes off the socket, as a client does that is too slow: what is under way still arrives. There is no way back.</summary>
    public void StopReading() => _stopped = true;

    /// <summary>Closes the connection without DISCONNECT.</summary>
    public async Task CloseAsync()
    {
        _tcp.Close();
        await _reading;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _stream.DisposeAsync();
        _tcp.Dispose();
    }

    private static async Task<Stream> SecureAsync(TcpClient tcp, BrokerEndpoint broker, Security security)
    {
        var certificates = broker.Certificates ?? throw new InvalidOperationException("This broker has no TLS listener.");
        var stream = new SslStream(tcp.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ClientCertificates = security is Security.MutualTls ? [certificates.LoadClient()] : null,
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { certificates.LoadAuthority() },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        });
        return stream;
    }

    private async Task ReadAsync()
    {
        var decoder = new PacketDecoder(PeerRole.Server) { Version = _version, MaximumPacketSize = 268_435_460 };
        var buffer = new byte[65_536];
        var filled = 0;
        try
        {
            while (!_stopped)
            {
                if (filled == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 2);
                }

                var count = await _stream.ReadAsync(buffer.AsMemory(filled));
                if (count == 0)
                {
                    _inbox.Close(null);
                    return;
                }

                filled += count;
                var used = 0;
                while (decoder.TryDecode(buffer.AsSpan(used, filled - used), out var packet, out var consumed))
                {
                    used += consumed;
                    _inbox.Add(packet!);
                }

                buffer.AsSpan(used, filled - used).CopyTo(buffer);
                filled -= used;
            }
        }
        catch (Exception cause) when (cause is IOException or ObjectDisposedException)
        {
            _inbox.Close(null);
        }
        catch (MqttProtocolException wrong)
        {
            _inbox.Close(wrong);
        }
    }
}
