using System.Buffers;
using System.Net.Sockets;
using Broker.Protocol.Transport;

namespace Broker.Specs.Protocol.Transport.Channels;

/// <summary>Connections that end in every way at once: each is told of once, none is left, and the rest is served.</summary>
public abstract class StormSpecs(TransportKind transport) : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(
        TestServer.Tcp with { SendBuffer = 16_384 }, transport: transport, eventLoops: 2);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void Two_thousand_connections_that_end_in_every_way()
    {
        const int Threads = 4;
        const int Each = 500;
        int told = 0;
        int opened = 0;
        _server.Prepare = handler =>
        {
            int number = Interlocked.Increment(ref opened);
            handler.WhenClosed = () => Interlocked.Increment(ref told);
            handler.WhenPacket = _ => Answer(handler, number);
            handler.WhenMalformed = handler.Channel.Close;
            return handler;
        };

        Parallel.For(0, Threads, thread =>
        {
            for (int i = 0; i < Each; i++)
            {
                Visit((thread * Each) + i);
            }
        });

        WaitUntil(() => _server.Transport.ConnectionCount == 0);
        Volatile.Read(ref opened).Should().BePositive();
        WaitUntil(() => Volatile.Read(ref told) == Volatile.Read(ref opened));
        _server.Loggers.Lines.Should().BeEmpty();
        _server.Prepare = handler => handler;
        (Socket client, RecordingHandler last) = _server.Connect();
        while (!last.Channel.RemoteAddress.Equals(client.LocalEndPoint) || last.Count("closed") > 0)
        {
            // One of those above, which may have had the same port.
            last = _server.NextConnection();
        }

        client.Send(Wire.Connect);
        last.WaitUntil(handler => handler.Packets.Count == 1);
    }

    [Fact]
    public void A_reset_while_output_waits_is_told_once_and_frees_the_connection()
    {
        (Socket client, RecordingHandler server) = _server.Connect(receiveBuffer: 4_096);
        server.OnLoop(() =>
        {
            server.Channel.Output.Write(new byte[5_000_000]);
            server.Channel.Flush();
            server.Channel.PendingBytes.Should().BePositive();
        });

        client.LingerState = new LingerOption(true, 0);
        client.Close();

        server.WaitUntil(handler => handler.Count("closed") == 1);
        WaitUntil(() => _server.Transport.ConnectionCount == 0);
        server.Cause.Should().NotBeNull();
    }

    [Fact]
    public async Task A_reset_while_reading_is_paused_costs_nothing_and_is_told_when_reading_goes_on()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        client.Send(Wire.Connect);
        server.WaitUntil(handler => handler.Packets.Count == 1);
        server.OnLoop(server.Channel.PauseReading);
        client.Send(Wire.Ping);

        client.LingerState = new LingerOption(true, 0);
        client.Close();
        long before = server.OnLoop(ThreadTime);
        long after = 0;
        await server.Channel.EventLoop.ScheduleAsync(() => after = ThreadTime(), TimeSpan.FromMilliseconds(300));

        (after - before).Should().BeLessThan(20_000_000, "a loop with nothing to do sleeps");
        server.OnLoop(server.Channel.ResumeReading);
        server.WaitUntil(handler => handler.Count("closed") == 1);
        WaitUntil(() => _server.Transport.ConnectionCount == 0);
    }

    [Fact]
    public async Task Loops_that_end_under_open_connections_close_them()
    {
        (Socket Client, RecordingHandler Server)[] open = [.. Enumerable.Range(0, 20).Select(_ => _server.Connect())];
        await _server.Transport.StopAcceptingAsync();

        foreach ((_, RecordingHandler server) in open)
        {
            server.Channel.Close();
        }

        await _server.Transport.StopAsync(new CancellationToken(canceled: true)).WaitAsync(RecordingHandler.Patience);

        foreach ((Socket client, RecordingHandler server) in open)
        {
            server.WaitUntil(handler => handler.Count("closed") == 1);
            HasEnded(client).Should().BeTrue();
        }

        _server.Transport.ConnectionCount.Should().Be(0);
    }

    // Nanoseconds that the thread has run.
    private static long ThreadTime() =>
        long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static bool HasEnded(Socket client)
    {
        try
        {
            client.ReadToEnd();
            return true;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.ConnectionReset;
        }
    }

    private static void WaitUntil(Func<bool> condition) =>
        SpinWait.SpinUntil(condition, RecordingHandler.Patience).Should().BeTrue();

    private static void Answer(RecordingHandler server, int number)
    {
        switch (number % 4)
        {
            case 0:
                server.Channel.Output.Write(new byte[100_000]);
                server.Channel.Flush();
                break;
            case 1:
                server.Channel.Output.Write(new byte[100_000]);
                server.Channel.Close();
                break;
            case 2:
                ThreadPool.QueueUserWorkItem(_ => server.Channel.Close());
                break;
            default:
                server.Channel.PauseReading();
                ThreadPool.QueueUserWorkItem(_ => server.Channel.EventLoop.Execute(server.Channel.ResumeReading));
                break;
        }
    }

    private void Visit(int number)
    {
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.ReceiveTimeout = client.SendTimeout = (int)RecordingHandler.Patience.TotalMilliseconds;
        client.Connect(_server.Address);
        try
        {
            if (number % 7 != 0)
            {
                client.Send(number % 5 == 0 ? [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF] : Wire.Join(Wire.Connect, Wire.Ping));
            }

            switch (number % 6)
            {
                case 0:
                    client.LingerState = new LingerOption(true, 0);
                    break;
                case 1:
                    client.Shutdown(SocketShutdown.Send);
                    client.ReadToEnd();
                    break;
                case 2:
                    client.Shutdown(SocketShutdown.Both);
                    break;
                default:
                    break;
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode is not SocketError.TimedOut)
        {
            // The server was faster.
        }
    }
}

public sealed class EpollStormSpecs() : StormSpecs(TransportKind.Epoll);

public sealed class SocketsStormSpecs() : StormSpecs(TransportKind.Sockets);
