using System.Net.Sockets;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Protocol.Codec;

namespace Broker.Specs.EndToEnd.Hostile;

/// <summary>A socket of a client that means no good, without a thread or a decoder of its own: there are thousands of them.</summary>
internal sealed class HostileConnection : IDisposable
{
    // What such a client does not read is the broker's to hold, not the kernel's.
    private const int SmallestReceiveBuffer = 4_096;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = SmallestReceiveBuffer };
    private readonly byte[] _buffer = new byte[2_048];

    private HostileConnection()
    {
    }

    /// <summary>Below MQTT: nothing is sent.</summary>
    public static async Task<HostileConnection> OpenAsync(BrokerEndpoint broker, int port)
    {
        var connection = new HostileConnection();
        try
        {
            await connection._socket.ConnectAsync(broker.Host, port);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Past CONNACK.</summary>
    /// <exception cref="InvalidOperationException">The broker does not accept it.</exception>
    public static async Task<HostileConnection> ConnectAsync(BrokerEndpoint broker, ProtocolVersion version, string clientId)
    {
        var connection = await OpenAsync(broker, broker.Port);
        try
        {
            await connection.SendAsync(CodecHarness.Encode(new ConnectPacket { Version = version, ClientId = clientId }, version));
            if (await connection.ReadAsync() < 4 || connection._buffer[0] != 0x20 || connection._buffer[3] != 0)
            {
                throw new InvalidOperationException($"{clientId} is not accepted: {Convert.ToHexString(connection._buffer.AsSpan(0, 8))}");
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>False: the broker has closed the connection.</summary>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken end = default)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await _socket.SendAsync(bytes, end)..];
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return true; // The broker does not read from it, and it has had its time.
        }
    }

    /// <summary>Reads and throws away until the broker closes the connection. False: it has not, in the time that a packet may take.</summary>
    public async Task<bool> EndsAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline.ForPackets);
        try
        {
            while (await ReadAsync(deadline.Token) > 0)
            {
                // What it was told before.
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Sends a request and throws away what comes until these bytes have. False: they do not, in the time that a packet may take.</summary>
    public async Task<bool> AnswersAsync(ReadOnlyMemory<byte> request, byte[] answer)
    {
        using var deadline = new CancellationTokenSource(Deadline.ForPackets);
        if (!await SendAsync(request, deadline.Token))
        {
            return false;
        }

        try
        {
            byte[] seen = [];
            for (int count; (count = await ReadAsync(deadline.Token)) > 0;)
            {
                seen = [.. seen.TakeLast(answer.Length - 1), .. _buffer.AsSpan(0, count)];
                if (seen.AsSpan().IndexOf(answer) >= 0)
                {
                    return true;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Nothing like it came.
        }

        return false;
    }

    /// <summary>With a reset, as a process that dies with unread bytes leaves it.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>0: the end, however it came.</summary>
    private async Task<int> ReadAsync(CancellationToken end = default)
    {
        try
        {
            return await _socket.ReceiveAsync(_buffer, end);
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}
