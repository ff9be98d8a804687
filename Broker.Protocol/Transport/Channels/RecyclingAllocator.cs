using DotNetty.Buffers;
using DotNetty.Common;

namespace Broker.Protocol.Transport.Channels;

/// <summary>Buffers of the transport: recycled ones up to 64 KiB, on the heap always, as the codec works on arrays.</summary>
internal sealed class RecyclingAllocator : AbstractByteBufferAllocator
{
    public static readonly RecyclingAllocator Instance = new();

    private RecyclingAllocator() => LeakDetection.Configure();

    public override bool IsDirectBufferPooled => false;

    // A buffer that is looked for has to end when nobody has it any more.
    protected override IByteBuffer NewHeapBuffer(int initialCapacity, int maxCapacity) =>
        initialCapacity > RecycledBuffer.Largest || ResourceLeakDetector.Enabled
            ? UnpooledByteBufferAllocator.Default.HeapBuffer(initialCapacity, maxCapacity)
            : RecycledBuffer.Rent(this, initialCapacity, maxCapacity);

    protected override IByteBuffer NewDirectBuffer(int initialCapacity, int maxCapacity) => NewHeapBuffer(initialCapacity, maxCapacity);
}
