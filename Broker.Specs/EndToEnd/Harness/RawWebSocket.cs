using System.Buffers;
using System.Net.WebSockets;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.EndToEnd.Harness;

/// <summary>MQTT over a WebSocket, frame by frame, so that a spec decides what is in each.</summary>
internal sealed class RawWebSocket : IAsyncDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly PacketDecoder _decoder;
    private readonly ProtocolVersion _version;
    private readonly List<byte> _received = [];

    private RawWebSocket(ClientWebSocket socket, ProtocolVersion version)
    {
        (_socket, _version) = (socket, version);
        _decoder = new PacketDecoder(PeerRole.Server) { MaximumPacketSize = int.MaxValue, Version = version };
    }

    /// <summary>What the broker has chosen.</summary>
    public string? Subprotocol => _socket.SubProtocol;

    /// <summary>Frames that came.</summary>
    public int Frames { get; private set; }

    /// <summary>Opens it, offering these subprotocols.</summary>
    /// <exception cref="WebSocketException">The broker refuses.</exception>
    public static async Task<RawWebSocket> OpenAsync(BrokerEndpoint broker, ProtocolVersion version, string path = "/mqtt", params string[] subprotocols)
    {
        var socket = new ClientWebSocket();
        foreach (var subprotocol in subprotocols)
        {
            socket.Options.AddSubProtocol(subprotocol);
        }

        using var deadline = new CancellationTokenSource(Deadline.ForPackets);
        try
        {
            await socket.ConnectAsync(new Uri($"ws://{broker.Host}:{broker.WebSocketPort}{path}"), deadline.Token);
            return new RawWebSocket(socket, version);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Opens it and expects CONNECT to be accepted.</summary>
    public static async Task<RawWebSocket> ConnectAsync(BrokerEndpoint broker, ProtocolVersion version)
    {
        var client = await OpenAsync(broker, version, subprotocols: "mqtt");
        await client.SendAsync(client.Bytes(new ConnectPacket { Version = version, ClientId = Unique.Name("ws") }));
        (await client.ExpectAsync<ConnAckPacket>()).ReasonCode.Should().Be(ReasonCode.Success);
        return client;
    }

    /// <summary>The bytes of packets, one behind the other.</summary>
    public byte[] Bytes(params Packet[] packets)
    {
        var writer = new ArrayBufferWriter<byte>();
        foreach (var packet in packets)
        {
            PacketEncoder.Write(writer, packet, _version);
        }

        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Sends one frame.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type = WebSocketMessageType.Binary)
    {
        using var deadline = new CancellationTokenSource(Deadline.ForPackets);
        await _socket.SendAsync(bytes, type, endOfMessage: true, deadline.Token);
    }

    /// <summary>The next packet, which must be of this kind.</summary>
    public async Task<T> ExpectAsync<T>()
        where T : Packet
    {
        Packet? packet;
        int consumed;
        while (!_decoder.TryDecode(_received.ToArray(), out packet, out consumed))
        {
            (await ReceiveAsync()).Should().NotBe(WebSocketMessageType.Close, "a {0} was expected", typeof(T).Name);
        }

        _received.RemoveRange(0, consumed);
        return packet.Should().BeOfType<T>().Which;
    }

    /// <summary>Waits for the broker's close frame, or for the end of the connection where it sends none; answers the status.</summary>
    public async Task<WebSocketCloseStatus?> ExpectCloseAsync()
    {
        try
        {
            while (await ReceiveAsync() != WebSocketMessageType.Close)
            {
                // What was on its way.
            }
        }
        catch (WebSocketException)
        {
            return null;
        }

        return _socket.CloseStatus;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<WebSocketMessageType> ReceiveAsync()
    {
        var buffer = new byte[16_384];
        using var deadline = new CancellationTokenSource(Deadline.ForPackets);
        var result = await _socket.ReceiveAsync(buffer.AsMemory(), deadline.Token);
        _received.AddRange(buffer.AsSpan(0, result.Count));
        Frames += result.EndOfMessage ? 1 : 0;
        return result.MessageType;
    }
}
