using Broker.Protocol.Transport.Channels;
using Broker.Specs.Support;
using DotNetty.Buffers;
using DotNetty.Common.Utilities;

namespace Broker.Specs.Protocol.Transport.Channels;

public class RecycledBufferSpecs
{
    private readonly RecyclingAllocator _allocator = RecyclingAllocator.Instance;

    [Theory]
    [InlineData(0, 512)]
    [InlineData(1, 512)]
    [InlineData(512, 512)]
    [InlineData(513, 1_024)]
    [InlineData(2_048, 2_048)]
    [InlineData(65_535, 65_536)]
    [InlineData(65_536, 65_536)]
    public void A_buffer_has_the_next_power_of_two(int size, int capacity) =>
        Using(size, buffer => buffer.Capacity.Should().Be(capacity));

    [Fact]
    public void A_larger_one_is_as_large_as_asked_for_and_not_kept() => Using(65_537, buffer =>
    {
        buffer.Capacity.Should().Be(65_537);
        buffer.Should().NotBeOfType<RecycledBuffer>();
    });

    [Fact]
    public void One_that_was_released_is_the_next_one_and_empty()
    {
        IByteBuffer first = _allocator.HeapBuffer(600, 600);
        first.WriteBytes([1, 2, 3]);
        first.SkipBytes(1);
        first.Retain();
        first.Release();
        first.Release();

        Using(1_000, second =>
        {
            second.Should().BeSameAs(first);
            (second.ReaderIndex, second.WriterIndex, second.ReferenceCount).Should().Be((0, 0, 1));
        });
    }

    [Fact]
    public void One_that_is_still_held_is_not_given_to_anybody_else()
    {
        IByteBuffer held = _allocator.HeapBuffer(512);
        held.Retain();
        held.Release();

        Using(512, other => other.Should().NotBeSameAs(held));
        held.Release();
    }

    [Fact]
    public void One_that_has_grown_does_not_come_back_as_one_of_its_old_size()
    {
        IByteBuffer grown = _allocator.HeapBuffer(512);
        grown.WriteBytes(new byte[5_000]);
        grown.ReadableBytes.Should().Be(5_000);
        grown.Release();

        Using(512, other => other.Should().NotBeSameAs(grown));
    }

    [Fact]
    public void Releasing_it_twice_is_a_fault()
    {
        IByteBuffer buffer = _allocator.HeapBuffer(512);
        buffer.Release();

        buffer.Invoking(static twice => twice.Release()).Should().Throw<IllegalReferenceCountException>();
    }

    [Fact]
    public void Round_and_round_it_allocates_nothing() =>
        Allocations.Of(1_000, () => _allocator.HeapBuffer(2_048).Release()).Should().Be(0);

    [Fact]
    public void A_thread_keeps_no_more_than_half_a_MiB_of_each_size()
    {
        IByteBuffer[] all = [.. Enumerable.Range(0, 20).Select(_ => _allocator.HeapBuffer(65_536))];
        foreach (IByteBuffer buffer in all)
        {
            buffer.Release();
        }

        IByteBuffer[] again = [.. Enumerable.Range(0, 20).Select(_ => _allocator.HeapBuffer(65_536))];
        again.Count(buffer => all.Any(kept => ReferenceEquals(kept, buffer))).Should().Be(8);
        foreach (IByteBuffer buffer in again)
        {
            buffer.Release();
        }
    }

    private void Using(int size, Action<IByteBuffer> look)
    {
        IByteBuffer buffer = _allocator.HeapBuffer(size);
        look(buffer);
        buffer.Release();
    }
}
