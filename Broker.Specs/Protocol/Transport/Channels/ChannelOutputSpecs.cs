using System.Buffers;
using Broker.Protocol.Transport.Channels;
using DotNetty.Buffers;

namespace Broker.Specs.Protocol.Transport.Channels;

public sealed class ChannelOutputSpecs
{
    private readonly UnpooledByteBufferAllocator _allocator = new(false);
    private readonly ChannelOutput _output;

    public ChannelOutputSpecs() => _output = new ChannelOutput(_allocator);

    [Theory]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(513)]
    [InlineData(70_000)]
    [InlineData(1_000_000)]
    public void What_is_written_is_taken_in_order_and_whole(int size)
    {
        byte[] expected = Enumerable.Range(0, size).Select(i => (byte)(i * 7)).ToArray();
        for (int at = 0; at < size;)
        {
            int length = Math.Min(1 + (at % 300), size - at);
            expected.AsSpan(at, length).CopyTo(_output.GetSpan(length));
            _output.Advance(length);
            at += length;
        }

        _output.Length.Should().Be(size);
        TakeAll().SelectMany(chunk => chunk).Should().Equal(expected);
        _output.Length.Should().Be(0);
    }

    [Fact]
    public void A_write_larger_than_a_chunk_gets_one_of_its_own()
    {
        _output.Write<byte>([1, 2, 3]);
        _output.GetSpan(300_000)[299_999] = 9;
        _output.Advance(300_000);

        byte[][] chunks = TakeAll();

        chunks.Select(c => c.Length).Should().Equal(3, 300_000);
        chunks[1][^1].Should().Be(9);
    }

    [Fact]
    public void What_lies_in_one_piece_can_be_sent_without_being_taken()
    {
        _output.Write<byte>([1, 2, 3, 4]);
        _output.Whole.ToArray().Should().Equal(1, 2, 3, 4);

        _output.Skip(3);
        _output.Length.Should().Be(1);
        _output.Write<byte>([5]);
        TakeAll().Should().ContainSingle().Which.Should().Equal(4, 5);

        _output.Write<byte>([6]);
        _output.Skip(1);
        _output.Length.Should().Be(0);
        TakeAll().Should().BeEmpty();
    }

    [Fact]
    public void What_lies_in_several_pieces_has_to_be_taken()
    {
        _output.Write<byte>([1]);
        _output.Write(new byte[70_000]);

        _output.Whole.IsEmpty.Should().BeTrue();
        TakeAll().Sum(static chunk => chunk.Length).Should().Be(70_001);
    }

    [Fact]
    public void The_first_chunk_follows_the_flushes_before()
    {
        _output.GetSpan().Length.Should().Be(512);
        for (int i = 0; i < 10; i++)
        {
            _output.Write(new byte[20_000]);
            _output.Learn(_output.Length);
            TakeAll();
        }

        _output.GetSpan().Length.Should().Be(16_384);
        _output.Write<byte>([1]);
        for (int i = 0; i < 10; i++)
        {
            _output.Learn(1);
        }

        TakeAll();
        _output.GetSpan().Length.Should().Be(512);
        TakeAll();
    }

    [Fact]
    public void Advancing_past_the_buffer_is_an_error()
    {
        int length = _output.GetSpan(10).Length;

        _output.Invoking(o => o.Advance(length + 1)).Should().Throw<ArgumentOutOfRangeException>();
        _output.Drop();
    }

    [Fact]
    public void After_it_was_dropped_writing_has_no_effect_and_holds_no_memory()
    {
        _output.Write(new byte[2_000]);
        _output.Drop();

        _output.Write(new byte[100_000]);

        _output.Length.Should().Be(0);
        TakeAll().Should().BeEmpty();
        _allocator.Metric.UsedHeapMemory.Should().Be(0);
    }

    private byte[][] TakeAll()
    {
        var chunks = new List<byte[]>();
        while (_output.TryTake(out IByteBuffer? chunk))
        {
            var bytes = new byte[chunk.ReadableBytes];
            chunk.ReadBytes(bytes);
            chunk.Release();
            chunks.Add(bytes);
        }

        return [.. chunks];
    }
}
