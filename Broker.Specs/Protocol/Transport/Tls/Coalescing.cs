using System.Net;
using System.Net.Sockets;

namespace Broker.Specs.Protocol.Transport.Tls;

/// <summary>
/// A client's stream that sends nothing until it reads, so that the last message of a TLS 1.3 handshake and the first
/// bytes after it leave in one segment. Reads and writes by turns only.
/// </summary>
internal sealed class Coalescing : Stream
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly MemoryStream _held = new();

    public Coalescing(IPEndPoint address) => _socket.Connect(address);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Bytes that the server has sent, records and all.</summary>
    public long Received { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_held.Length > 0)
        {
            await _socket.SendAsync(_held.ToArray(), cancellationToken);
            _held.SetLength(0);
        }

        int received = await _socket.ReceiveAsync(buffer, cancellationToken);
        Received += received;
        return received;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _held.Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => _held.Write(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        _socket.Dispose();
        _held.Dispose();
        base.Dispose(disposing);
    }
}
