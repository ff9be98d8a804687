using System.Buffers;
using System.Net.Sockets;
using Broker.Protocol.Transport;

namespace Broker.Specs.Protocol.Transport.Channels;

public abstract class WritingSpecs(TransportKind transport) : IAsyncLifetime
{
    // Small kernel buffers, so that a client that does not read is felt soon.
    private static readonly ListenerOptions Narrow = TestServer.Tcp with { SendBuffer = 16_384 };

    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(Narrow, transport: transport);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void Nothing_is_sent_before_a_flush_and_all_of_it_after()
    {
        (Socket client, RecordingHandler server) = _server.Connect();

        server.OnLoop(() =>
        {
            server.Channel.Output.Write<byte>([1, 2, 3]);
            server.Channel.PendingBytes.Should().Be(3);
        });
        client.Available.Should().Be(0);

        server.OnLoop(server.Channel.Flush);
        client.ReadExactly(3).Should().Equal(1, 2, 3);
        server.OnLoop(() => server.Channel.PendingBytes).Should().Be(0);
    }

    [Fact]
    public void A_large_output_arrives_whole_and_in_order()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        byte[] expected = Enumerable.Range(0, 3_000_000).Select(i => (byte)(i * 31 >> 3)).ToArray();

        server.OnLoop(() =>
        {
            for (int at = 0; at < expected.Length; at += 1_000)
            {
                server.Channel.Output.Write(expected.AsSpan(at, 1_000));
            }

            server.Channel.Flush();
            server.Channel.PendingBytes.Should().BeGreaterThan(0);
        });

        client.ReadExactly(expected.Length).Should().Equal(expected);
        server.WaitUntil(s => s.Count("writable") == 1);
        server.OnLoop(() => server.Channel.PendingBytes).Should().Be(0);
    }

    [Fact]
    public void A_flush_within_a_batch_answers_it()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        server.WhenPacket = _ => server.Channel.Output.Write<byte>([7]);
        server.WhenReadComplete = server.Channel.Flush;

        client.Send(Wire.Join(Wire.Connect, Wire.Ping, Wire.Ping));

        client.ReadExactly(3).Should().Equal(7, 7, 7);
    }

    [Fact]
    public void A_client_that_does_not_read_makes_it_unwritable_until_it_has_read()
    {
        (Socket client, RecordingHandler server) = _server.Connect(receiveBuffer: 4_096);

        long written = FillUntilUnwritable(server);
        server.OnLoop(() => server.Channel.PendingBytes).Should().BeGreaterThan(Narrow.WriteHighWaterMark);
        server.Count("writable").Should().Be(0);

        client.ReadExactly((int)written);
        server.WaitUntil(s => s.Count("writable") == 1);
        server.OnLoop(() => server.Channel.IsWritable).Should().BeTrue();
        server.OnLoop(() => server.Channel.PendingBytes).Should().BeLessThan(Narrow.WriteLowWaterMark);
    }

    [Fact]
    public void It_stays_unwritable_between_the_marks()
    {
        (Socket client, RecordingHandler server) = _server.Connect(receiveBuffer: 4_096);
        FillUntilUnwritable(server);

        int high = Narrow.WriteHighWaterMark, low = Narrow.WriteLowWaterMark;
        bool sawBetween = false;
        while (server.Count("writable") == 0 && !sawBetween)
        {
            client.ReadExactly(500);
            sawBetween = server.OnLoop(() =>
                server.Channel.PendingBytes is var pending && pending <= high && pending >= low && !server.Channel.IsWritable);
        }

        sawBetween.Should().BeTrue();
    }

    [Fact]
    public void Output_that_was_not_flushed_counts()
    {
        (Socket client, RecordingHandler server) = _server.Connect();

        server.OnLoop(() =>
        {
            server.Channel.Output.Write(new byte[Narrow.WriteHighWaterMark]);
            server.Channel.IsWritable.Should().BeTrue();
            server.Channel.Output.Write<byte>([1]);
            server.Channel.IsWritable.Should().BeFalse();
            server.Channel.Flush();
        });

        client.ReadExactly(Narrow.WriteHighWaterMark + 1);
        server.WaitUntil(s => s.Count("writable") == 1);
    }

    [Fact]
    public void A_slow_reader_gets_everything_from_a_handler_that_writes_when_it_may()
    {
        (Socket client, RecordingHandler server) = _server.Connect(receiveBuffer: 4_096);
        const int Total = 2_000_000;
        int written = 0;
        void Fill()
        {
            while (written < Total && server.Channel.IsWritable)
            {
                server.Channel.Output.Write(new byte[1_000]);
                written += 1_000;
                server.Channel.Flush();
            }
        }

        server.WhenWritable = Fill;
        server.OnLoop(Fill);

        written.Should().BeLessThan(Total);
        client.ReadExactly(Total);
        server.OnLoop(() => written).Should().Be(Total);
    }

    [Fact]
    public void A_failed_write_closes_and_tells_the_cause()
    {
        (Socket client, RecordingHandler server) = _server.Connect(receiveBuffer: 4_096);
        FillUntilUnwritable(server);

        // Of a read and a write that both meet the reset, the system tells one only, and the other finds the end: here the write shall meet it.
        server.OnLoop(server.Channel.PauseReading);

        client.LingerState = new LingerOption(true, 0);
        client.Close();

        server.WaitUntil(s => s.Count("closed") == 1);
        server.Cause.Should().BeOfType<SocketException>();
        server.Channel.IsActive.Should().BeFalse();
        server.OnLoop(() => server.Channel.PendingBytes).Should().Be(0);
    }

    [Fact]
    public void What_is_written_after_the_end_is_dropped()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        client.Close();
        server.WaitUntil(s => s.Count("closed") == 1);

        server.OnLoop(() =>
        {
            server.Channel.Output.Write(new byte[100_000]);
            server.Channel.Flush();
            return server.Channel.PendingBytes;
        }).Should().Be(0);
    }

    private static long FillUntilUnwritable(RecordingHandler server) => server.OnLoop(() =>
    {
        long written = 0;
        while (server.Channel.IsWritable)
        {
            server.Channel.Output.Write(new byte[10_000]);
            written += 10_000;
            server.Channel.Flush();
        }

        return written;
    });
}

public sealed class EpollWritingSpecs() : WritingSpecs(TransportKind.Epoll);

public sealed class SocketsWritingSpecs() : WritingSpecs(TransportKind.Sockets);
