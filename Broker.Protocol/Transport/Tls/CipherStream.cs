using System.Threading.Tasks.Sources;
using DotNetty.Buffers;

namespace Broker.Protocol.Transport.Tls;

/// <summary>Takes records that are to be sent; what they lie in is the caller's again afterwards.</summary>
internal delegate void RecordSink(ReadOnlySpan<byte> records);

/// <summary>
/// The stream below SslStream: what the socket received comes out of it, and what SslStream makes of it and of our own bytes goes to
/// <paramref name="sink"/>. A read of no bytes waits until some are there, so that a silent connection holds no buffer. Reads from any thread:
/// .NET checks a client's certificate, and goes on from there, on a thread of its pool, while the event loop receives.
/// </summary>
internal sealed class CipherStream(RecordSink sink) : Stream, IValueTaskSource<int>
{
    private readonly Lock _lock = new();

    // Without its own flag for it, whoever waits is continued by the call that brings the bytes: on the event loop.
    private ManualResetValueTaskSourceCore<int> _read;
    private Memory<byte> _target;
    private bool _isWaiting;
    private bool _hasEnded;
    private IByteBuffer? _first;
    private Queue<IByteBuffer>? _more;
    private int _length;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Takes what came from the socket; answers how many bytes now wait to be read.</summary>
    public int Feed(IByteBuffer received)
    {
        int read;
        lock (_lock)
        {
            if (_hasEnded || !received.IsReadable())
            {
                received.Release();
                return _length;
            }

            _length += received.ReadableBytes;
            if (_first is null)
            {
                _first = received;
            }
            else
            {
                (_more ??= new Queue<IByteBuffer>()).Enqueue(received);
            }

            if (!_isWaiting)
            {
                return _length;
            }

            _isWaiting = false;
            read = Take(_target.Span);
            _target = default;
        }

        _read.SetResult(read);
        lock (_lock)
        {
            return _length;
        }
    }

    /// <summary>Nothing comes any more: what waits to be read is given back.</summary>
    public void End()
    {
        bool wasWaiting;
        lock (_lock)
        {
            _hasEnded = true;
            while (_first is not null)
            {
                ReleaseFirst();
            }

            _length = 0;
            wasWaiting = _isWaiting;
            _isWaiting = false;
            _target = default;
        }

        if (wasWaiting)
        {
            _read.SetResult(0);
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_length > 0)
            {
                return new ValueTask<int>(Take(buffer.Span));
            }

            if (_hasEnded)
            {
                return new ValueTask<int>(0);
            }

            _target = buffer;
            _isWaiting = true;
            _read.Reset();
            return new ValueTask<int>(this, _read.Version);
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        sink(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
        // Each write goes on at once.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => sink(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    private int Take(Span<byte> target)
    {
        int taken = 0;
        while (_first is not null && taken < target.Length)
        {
            int count = Math.Min(_first.ReadableBytes, target.Length - taken);
            _first.Array.AsSpan(_first.ArrayOffset + _first.ReaderIndex, count).CopyTo(target[taken..]);
            _first.SkipBytes(count);
            taken += count;
            if (!_first.IsReadable())
            {
                ReleaseFirst();
            }
        }

        _length -= taken;
        return taken;
    }

    private void ReleaseFirst()
    {
        _first!.Release();
        _first = _more is not null && _more.TryDequeue(out IByteBuffer? next) ? next : null;
    }
}
