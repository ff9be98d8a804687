using System.Numerics;
using DotNetty.Buffers;

namespace Broker.Protocol.Transport.Channels;

/// <summary>
/// A heap buffer that is used again, object and array: who releases it last gives it to the free ones of that thread, where it has rented any. DotNetty's pooled heap buffers take their memory from
/// arenas, but each is a new object: two for each message that comes alone.
/// </summary>
internal sealed class RecycledBuffer : UnpooledHeapByteBuffer
{
    /// <summary>Bytes of the smallest buffer.</summary>
    public const int Smallest = 512;

    /// <summary>Bytes of the largest one that is kept.</summary>
    public const int Largest = 64 * 1024;

    /// <summary>Bytes of each size that a thread keeps; the least of it is <see cref="FewestKept"/> buffers.</summary>
    private const int MostKept = 512 * 1024;
    private const int FewestKept = 8;

    [ThreadStatic]
    private static Stack<RecycledBuffer>?[]? _free;

    private readonly int _index;
    private bool _isOfItsSize = true;

    private RecycledBuffer(IByteBufferAllocator allocator, int index)
        : base(allocator, Smallest << index, Smallest << index) => _index = index;

    /// <summary>An empty buffer of at least so many bytes, that may grow to as many as <paramref name="maxCapacity"/>; at most <see cref="Largest"/> at first.</summary>
    public static RecycledBuffer Rent(IByteBufferAllocator allocator, int size, int maxCapacity)
    {
        int index = IndexOf(size);
        if (FreeOnes(index).TryPop(out RecycledBuffer? buffer))
        {
            buffer.SetReferenceCount(1);
            buffer.Clear();
            buffer.DiscardMarks();
        }
        else
        {
            buffer = new RecycledBuffer(allocator, index);
        }

        buffer.SetMaxCapacity(Math.Max(maxCapacity, Smallest << index));
        return buffer;
    }

    // Grown, it is none of its size any more.
    public override IByteBuffer AdjustCapacity(int newCapacity)
    {
        _isOfItsSize = false;
        return base.AdjustCapacity(newCapacity);
    }

    protected override void Deallocate()
    {
        if (_isOfItsSize && _free is not null && FreeOnes(_index) is var free && free.Count < Math.Max(MostKept / (Smallest << _index), FewestKept))
        {
            free.Push(this);
        }
        else
        {
            base.Deallocate();
        }
    }

    private static int IndexOf(int size) => 32 - BitOperations.LeadingZeroCount((uint)(Math.Max(size, Smallest) - 1) / Smallest);

    private static Stack<RecycledBuffer> FreeOnes(int index)
    {
        Stack<RecycledBuffer>?[] free = _free ??= new Stack<RecycledBuffer>?[IndexOf(Largest) + 1];
        return free[index] ??= new Stack<RecycledBuffer>();
    }
}
