using Broker.Protocol.Transport.Channels;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Embedded;

namespace Broker.Specs.Protocol.Transport.Channels;

public sealed class ReadBufferAllocatorSpecs
{
    private readonly IRecvByteBufAllocatorHandle _handle = ReadBufferAllocator.Instance.NewHandle();
    private readonly EmbeddedChannel _channel = new();

    [Fact]
    public void A_read_that_fills_its_buffer_is_followed_by_a_larger_one_a_few_times()
    {
        var sizes = new List<int>();
        Begin();
        do
        {
            sizes.Add(Read(int.MaxValue));
        }
        while (_handle.ContinueReading());

        sizes.Should().Equal(2_048, 8_192, 32_768, 65_536);
    }

    [Fact]
    public void A_read_that_does_not_fill_its_buffer_ends_the_batch()
    {
        Begin();
        Read(2_047);

        _handle.ContinueReading().Should().BeFalse();
        _handle.Guess().Should().Be(2_048);
    }

    [Fact]
    public void It_ends_where_reading_was_paused()
    {
        Begin();
        Read(int.MaxValue);
        _channel.Configuration.AutoRead = false;

        _handle.ContinueReading().Should().BeFalse();
    }

    [Fact]
    public void Small_reads_make_the_buffer_small_again()
    {
        A_read_that_fills_its_buffer_is_followed_by_a_larger_one_a_few_times();

        for (int i = 0; i < 10; i++)
        {
            Begin();
            Read(10);
            _handle.ContinueReading();
            _handle.ReadComplete();
        }

        _handle.Guess().Should().Be(2_048);
    }

    [Fact]
    public void Thousands_of_packets_end_the_batch_and_make_the_buffer_smaller()
    {
        A_read_that_fills_its_buffer_is_followed_by_a_larger_one_a_few_times();
        var sizes = new List<int>();
        for (int i = 0; i < 6; i++)
        {
            Begin();
            sizes.Add(Read(int.MaxValue));
            ((ReadBufferAllocator.Handle)_handle).IncPacketsRead(sizes[^1] / 2);
            _handle.ContinueReading().Should().BeFalse();
            _handle.ReadComplete();
        }

        sizes.Should().Equal(65_536, 32_768, 16_384, 8_192, 4_096, 4_096);
    }

    [Fact]
    public void Packets_of_an_ordinary_size_do_not()
    {
        A_read_that_fills_its_buffer_is_followed_by_a_larger_one_a_few_times();
        Begin();
        for (int i = 0; i < 3; i++)
        {
            ((ReadBufferAllocator.Handle)_handle).IncPacketsRead(Read(int.MaxValue) / 100);
            _handle.ContinueReading().Should().BeTrue();
        }

        _handle.Guess().Should().Be(65_536);
    }

    private void Begin() => _handle.Reset(_channel.Configuration);

    private int Read(int available)
    {
        IByteBuffer buffer = _handle.Allocate(UnpooledByteBufferAllocator.Default);
        int size = buffer.WritableBytes;
        _handle.LastBytesRead = Math.Min(available, size);
        _handle.IncMessagesRead(1);
        buffer.Release();
        return size;
    }
}
