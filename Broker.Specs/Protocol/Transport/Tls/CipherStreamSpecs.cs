using Broker.Protocol.Transport.Tls;
using DotNetty.Buffers;

namespace Broker.Specs.Protocol.Transport.Tls;

public sealed class CipherStreamSpecs : IDisposable
{
    private readonly List<byte> _sent = [];
    private readonly CipherStream _stream;

    public CipherStreamSpecs() => _stream = new CipherStream(records => _sent.AddRange(records));

    public void Dispose() => _stream.Dispose();

    [Fact]
    public async Task What_is_fed_comes_out_in_its_order()
    {
        _stream.Feed(Received(1, 2, 3)).Should().Be(3);
        _stream.Feed(Received(4)).Should().Be(4);
        byte[] read = new byte[10];

        (await _stream.ReadAsync(read.AsMemory(0, 2))).Should().Be(2);
        (await _stream.ReadAsync(read.AsMemory(2))).Should().Be(2);

        read.Should().StartWith([1, 2, 3, 4]);
    }

    [Fact]
    public async Task A_read_waits_and_is_continued_by_who_feeds()
    {
        byte[] read = new byte[2];
        Task<(int Count, int Thread)> reading = ReadAsync(read);
        reading.IsCompleted.Should().BeFalse();

        _stream.Feed(Received(1, 2, 3)).Should().Be(1, "that is what the read has left");

        reading.IsCompleted.Should().BeTrue();
        (await reading).Should().Be((2, Environment.CurrentManagedThreadId));
        read.Should().Equal(1, 2);
    }

    [Fact]
    public async Task A_read_of_nothing_takes_nothing_and_ends_when_something_is_there()
    {
        ValueTask<int> waiting = _stream.ReadAsync(Memory<byte>.Empty);
        waiting.IsCompleted.Should().BeFalse();

        _stream.Feed(Received(1)).Should().Be(1);

        (await waiting).Should().Be(0);
        (await _stream.ReadAsync(Memory<byte>.Empty)).Should().Be(0);
        (await _stream.ReadAsync(new byte[1])).Should().Be(1);
    }

    [Fact]
    public async Task The_end_ends_a_read_and_gives_back_what_nobody_reads()
    {
        ValueTask<int> waiting = _stream.ReadAsync(new byte[1]);
        IByteBuffer late = Received(1);

        _stream.End();

        (await waiting).Should().Be(0);
        _stream.Feed(late).Should().Be(0);
        late.ReferenceCount.Should().Be(0);
        (await _stream.ReadAsync(new byte[1])).Should().Be(0);
    }

    [Fact]
    public async Task Nothing_is_lost_where_one_thread_feeds_and_others_read()
    {
        const int Total = 200_000;
        Task<List<byte>> reading = Task.Run(async () =>
        {
            var read = new List<byte>(Total);
            byte[] buffer = new byte[7];
            while (read.Count < Total)
            {
                int count = await _stream.ReadAsync(buffer).ConfigureAwait(false);
                read.AddRange(buffer.Take(count));
                await Task.Yield();
            }

            return read;
        });

        var random = new Random(7);
        for (int fed = 0; fed < Total;)
        {
            byte[] next = [.. Enumerable.Range(fed, Math.Min(random.Next(1, 20), Total - fed)).Select(i => (byte)(i % 251))];
            fed += next.Length;
            _stream.Feed(Received(next));
        }

        (await reading.WaitAsync(RecordingHandler.Patience)).Should().Equal(Enumerable.Range(0, Total).Select(i => (byte)(i % 251)));
    }

    [Fact]
    public async Task What_is_written_goes_on_at_once()
    {
        await _stream.WriteAsync(new byte[] { 1, 2 });
        _stream.Write([3], 0, 1);

        _sent.Should().Equal(1, 2, 3);
    }

    private async Task<(int Count, int Thread)> ReadAsync(byte[] buffer) => (await _stream.ReadAsync(buffer).ConfigureAwait(false), Environment.CurrentManagedThreadId);

    private static IByteBuffer Received(params byte[] bytes) => UnpooledByteBufferAllocator.Default.HeapBuffer(bytes.Length, bytes.Length).WriteBytes(bytes);
}
