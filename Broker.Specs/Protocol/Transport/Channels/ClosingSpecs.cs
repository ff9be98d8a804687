using System.Buffers;
using System.Net.Sockets;
using Broker.Protocol.Packets;
using Broker.Protocol.Transport;
using Broker.Protocol.Transport.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Protocol.Transport.Channels;

public abstract class ClosingSpecs(TransportKind transport) : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(
        TestServer.Tcp with { SendBuffer = 16_384 }, _time, transport);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void A_close_sends_everything_first()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        byte[] expected = Enumerable.Range(0, 1_000_000).Select(i => (byte)(i * 13 >> 2)).ToArray();

        server.OnLoop(() =>
        {
            server.Channel.Output.Write(expected);
            server.Channel.Close();
            server.Channel.IsActive.Should().BeFalse();
        });

        client.ReadToEnd().Should().Equal(expected);
        server.WaitUntil(s => s.Count("closed") == 1);
        server.Cause.Should().BeNull();
    }

    [Fact]
    public void A_close_from_another_thread_sends_everything_first_and_is_idempotent()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        server.OnLoop(() => server.Channel.Output.Write(new byte[300_000]));

        Parallel.For(0, 8, _ => server.Channel.Close());

        client.ReadToEnd().Should().HaveCount(300_000);
        client.Close();
        server.WaitUntil(s => s.Count("closed") == 1);
        WaitUntilNoneIsOpen();
        server.Events.Should().Equal("closed");
    }

    [Fact]
    public void Closing_within_a_packet_drops_the_packets_after_it_and_tells_the_end_later()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        bool closedWithin = false;
        server.WhenPacket = _ =>
        {
            server.Channel.Output.Write<byte>([9]);
            server.Channel.Close();
            closedWithin = server.Count("closed") > 0;
        };

        client.Send(Wire.Join(Wire.Connect, Wire.Ping, Wire.Ping));

        client.ReadToEnd().Should().Equal(9);
        server.WaitUntil(s => s.Count("closed") == 1);
        closedWithin.Should().BeFalse();
        server.Events.Should().Equal("packet", "closed");
    }

    [Fact]
    public void A_client_that_goes_on_sending_still_gets_the_last_words()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        server.WhenPacket = packet =>
        {
            if (packet is PublishPacket)
            {
                server.Channel.Output.Write<byte>([1, 2, 3]);
                server.Channel.Close();
            }
        };

        client.Send(Wire.Join(Wire.Connect, Wire.Publish("x")));
        for (int i = 0; i < 50; i++)
        {
            client.Send(new byte[20_000]);
        }

        client.ReadToEnd().Should().Equal(1, 2, 3);
        client.Close();
        WaitUntilNoneIsOpen();
    }

    [Fact]
    public void A_client_that_does_not_close_its_side_is_closed_after_a_while()
    {
        (Socket client, RecordingHandler server) = _server.Connect();

        server.Channel.Close();
        client.ReadToEnd().Should().BeEmpty();
        server.WaitUntil(s => s.Count("closed") == 1);
        _server.Transport.ConnectionCount.Should().Be(1);

        _time.Advance(DotNettyMqttChannel.DrainTimeout);
        WaitUntilNoneIsOpen();
    }

    [Fact]
    public void A_client_that_does_not_read_is_reset_after_a_while()
    {
        (Socket client, RecordingHandler server) = _server.Connect(receiveBuffer: 4_096);
        server.OnLoop(() =>
        {
            server.Channel.Output.Write(new byte[5_000_000]);
            server.Channel.Close();
        });
        server.Count("closed").Should().Be(0);

        _time.Advance(DotNettyMqttChannel.FlushTimeout);

        server.WaitUntil(s => s.Count("closed") == 1);
        server.Cause.Should().BeOfType<TimeoutException>();
        client.Invoking(c => c.ReadToEnd()).Should().Throw<SocketException>()
            .Which.SocketErrorCode.Should().Be(SocketError.ConnectionReset);
    }

    [Fact]
    public void An_end_before_all_output_is_taken_has_a_cause()
    {
        (Socket client, RecordingHandler server) = _server.Connect(receiveBuffer: 4_096);
        server.Send(new byte[5_000_000]);

        client.Shutdown(SocketShutdown.Send);

        server.WaitUntil(s => s.Count("closed") == 1);
        server.Cause.Should().BeOfType<IOException>();
    }

    [Fact]
    public void A_client_that_closes_is_a_clean_end()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        client.Send(Wire.Connect);

        client.Shutdown(SocketShutdown.Both);
        client.Close();

        server.WaitUntil(s => s.Count("closed") == 1);
        server.Cause.Should().BeNull();
        server.Packets.Should().ContainSingle();
        WaitUntilNoneIsOpen();
    }

    [Fact]
    public void A_reset_is_told_as_the_cause()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        client.Send(Wire.Connect);
        server.WaitUntil(s => s.Packets.Count == 1);

        client.LingerState = new LingerOption(true, 0);
        client.Close();

        server.WaitUntil(s => s.Count("closed") == 1);
        server.Cause.Should().BeOfType<SocketException>().Which.SocketErrorCode.Should().Be(SocketError.ConnectionReset);
        _server.Loggers.Lines.Should().BeEmpty();
    }

    [Fact]
    public void A_probe_that_says_nothing_makes_no_noise()
    {
        (Socket client, RecordingHandler server) = _server.Connect();

        client.Close();

        server.WaitUntil(s => s.Count("closed") == 1);
        server.Events.Should().Equal("closed");
        server.Cause.Should().BeNull();
        _server.Loggers.Lines.Should().BeEmpty();
    }

    [Fact]
    public async Task A_stop_lets_every_connection_have_its_output_and_takes_no_new_one()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        server.OnLoop(() => server.Channel.Output.Write(new byte[200_000]));

        await _server.Transport.StopAcceptingAsync();
        _server.Invoking(s => s.ConnectSocket()).Should().Throw<SocketException>();
        server.Channel.IsActive.Should().BeTrue();

        Task stop = _server.Transport.StopAsync();
        client.ReadToEnd().Should().HaveCount(200_000);
        client.Close();
        await stop.WaitAsync(RecordingHandler.Patience);

        server.Count("closed").Should().Be(1);
        _server.Transport.EventLoops.IsTerminated.Should().BeTrue();
    }

    [Fact]
    public async Task A_stop_is_bounded_in_time_and_by_the_caller()
    {
        (Socket client, RecordingHandler server) = _server.Connect(receiveBuffer: 4_096);
        server.OnLoop(() => server.Channel.Output.Write(new byte[5_000_000]));
        using var impatience = new CancellationTokenSource();

        Task stop = _server.Transport.StopAsync(impatience.Token);
        stop.IsCompleted.Should().BeFalse();
        await impatience.CancelAsync();
        await stop.WaitAsync(RecordingHandler.Patience);

        server.Count("closed").Should().Be(1);
        _server.Loggers.Lines.Should().ContainSingle().Which.Should().Contain("1 connections");
    }

    private void WaitUntilNoneIsOpen() =>
        SpinWait.SpinUntil(() => _server.Transport.ConnectionCount == 0, RecordingHandler.Patience).Should().BeTrue();
}

public sealed class EpollClosingSpecs() : ClosingSpecs(TransportKind.Epoll);

public sealed class SocketsClosingSpecs() : ClosingSpecs(TransportKind.Sockets);
