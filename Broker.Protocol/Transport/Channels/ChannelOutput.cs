using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using DotNetty.Buffers;

namespace Broker.Protocol.Transport.Channels;

/// <summary>
/// What has been encoded and not been flushed yet: a chain of pooled chunks, so that a large output is never copied while
/// it grows. The first chunk follows the size of the flushes before it. Holds no memory once it has been taken.
/// </summary>
internal sealed class ChannelOutput(IByteBufferAllocator allocator) : IBufferWriter<byte>
{
    private const int SmallestChunk = 512;
    private const int LargestFirstChunk = 16 * 1024;
    private const int LargestChunk = 64 * 1024;

    private IByteBuffer? _chunk;
    private byte[] _array = [];
    private int _start;
    private int _position;
    private int _end;
    private Queue<IByteBuffer>? _full;
    private int _firstSize = SmallestChunk;
    private bool _dropping;

    /// <summary>Bytes written and not taken.</summary>
    public long Length => _fullLength + (_position - _start);

    private long _fullLength;

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _end - _position);
        if (!_dropping)
        {
            _position += count;
        }
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _array.AsMemory(_position, _end - _position);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _array.AsSpan(_position, _end - _position);
    }

    /// <summary>What has been written, where it lies in one piece; else nothing.</summary>
    public ReadOnlySpan<byte> Whole => _full is null ? _array.AsSpan(_start, _position - _start) : [];

    /// <summary>So many bytes of <see cref="Whole"/> are on their way.</summary>
    public void Skip(int count)
    {
        _start += count;
        if (_start == _position)
        {
            CloseChunk();
        }
    }

    /// <summary>Takes the next chunk, oldest first; the caller releases it. False: everything has been taken.</summary>
    public bool TryTake([NotNullWhen(true)] out IByteBuffer? chunk)
    {
        if (_full is not null && _full.TryDequeue(out chunk))
        {
            _fullLength -= chunk.ReadableBytes;
            return true;
        }

        _full = null;
        chunk = CloseChunk();
        return chunk is not null;
    }

    /// <summary>Sizes the next first chunk after a flush of so many bytes.</summary>
    public void Learn(long flushed)
    {
        if (flushed > _firstSize)
        {
            _firstSize = Math.Min(_firstSize * 2, LargestFirstChunk);
        }
        else if (flushed < _firstSize / 4 && _firstSize > SmallestChunk)
        {
            _firstSize /= 2;
        }
    }

    /// <summary>Releases what has been written, and takes nothing any more: writing goes on without effect.</summary>
    public void Drop()
    {
        while (TryTake(out IByteBuffer? chunk))
        {
            chunk.Release();
        }

        _dropping = true;
    }

    private void Ensure(int sizeHint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        if (_end - _position < Math.Max(sizeHint, 1))
        {
            Grow(sizeHint);
        }
    }

    private void Grow(int sizeHint)
    {
        if (_dropping)
        {
            _array = new byte[Math.Max(sizeHint, SmallestChunk)];
            _start = _position = 0;
            _end = _array.Length;
            return;
        }

        int size = _chunk is null ? _firstSize : Math.Min(_chunk.Capacity * 2, LargestChunk);
        if (CloseChunk() is { } full)
        {
            _fullLength += full.ReadableBytes;
            (_full ??= new Queue<IByteBuffer>()).Enqueue(full);
        }

        size = Math.Max(size, sizeHint);
        _chunk = allocator.HeapBuffer(size, size);
        _array = _chunk.Array;
        _start = _position = _chunk.ArrayOffset;
        _end = _start + _chunk.Capacity;
    }

    private IByteBuffer? CloseChunk()
    {
        IByteBuffer? chunk = _chunk;
        (int start, int position) = (_start, _position);
        _chunk = null;
        _array = [];
        _start = _position = _end = 0;
        if (chunk is not null && position > start)
        {
            return chunk.SetIndex(start - chunk.ArrayOffset, position - chunk.ArrayOffset);
        }

        chunk?.Release();
        return null;
    }
}
