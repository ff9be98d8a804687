using System.Buffers;
using System.Net.Sockets;
using Broker.Protocol.Packets;
using Broker.Protocol.Transport;

namespace Broker.Specs.Protocol.Transport.Channels;

public abstract class FaultSpecs(TransportKind transport) : IAsyncLifetime
{
    private static readonly byte[] Malformed = [0x62, 0x00];

    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(transport: transport);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void A_malformed_packet_is_told_once_after_those_before_it_and_the_handler_has_the_last_word()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        server.WhenMalformed = () =>
        {
            server.Channel.Output.Write<byte>([0x20]);
            server.Channel.Close();
        };

        client.Send(Wire.Join(Wire.Connect, Wire.Ping, Malformed, Wire.Ping));

        client.ReadToEnd().Should().Equal(0x20);
        server.WaitUntil(s => s.Count("closed") == 1);
        server.Events.Should().Equal("packet", "packet", "malformed", "closed");
        server.Cause.Should().BeNull();
    }

    [Fact]
    public void After_a_malformed_packet_nothing_more_is_read()
    {
        (Socket client, RecordingHandler server) = _server.Connect();

        client.Send(Wire.Join(Wire.Connect, Malformed));
        server.WaitUntil(s => s.Count("complete") == 1);
        server.OnLoop(() =>
        {
            server.Channel.PauseReading();
            server.Channel.ResumeReading();
        });
        client.Send(Wire.Join(Wire.Ping, Malformed));
        server.OnLoop(server.Channel.Close);

        server.WaitUntil(s => s.Count("closed") == 1);
        server.Events.Should().Equal("packet", "malformed", "complete", "closed");
    }

    [Theory]
    [InlineData("packet")]
    [InlineData("complete")]
    [InlineData("malformed")]
    public void A_fault_in_the_handler_ends_that_connection_only_and_is_logged(string where)
    {
        (Socket healthy, RecordingHandler other) = _server.Connect();
        (Socket client, RecordingHandler server) = _server.Connect();
        void Fail() => throw new InvalidOperationException("the fault of the handler");
        server.WhenPacket = where == "packet" ? _ => Fail() : null;
        server.WhenReadComplete = where == "complete" ? Fail : null;
        server.WhenMalformed = where == "malformed" ? Fail : null;

        client.Send(Wire.Join(Wire.Connect, where == "malformed" ? Malformed : Wire.Ping));

        server.WaitUntil(s => s.Count("closed") == 1);
        server.Cause!.Message.Should().Be("the fault of the handler");
        _server.Loggers.Lines.Should().ContainSingle().Which.Should().StartWith("Error: A fault while serving 127.0.0.1:");
        healthy.Send(Wire.Connect);
        other.WaitUntil(s => s.Packets.Count == 1);
    }

    [Fact]
    public void A_fault_while_it_is_told_the_end_is_logged()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        server.WhenClosed = () => throw new InvalidOperationException("too late");

        client.Close();

        server.WaitUntil(s => s.Count("closed") == 1);
        (_, RecordingHandler next) = _server.Connect();
        next.OnLoop(() => _server.Loggers.Lines.Should().ContainSingle());
    }

    [Fact]
    public void A_refused_connection_is_closed_without_a_word()
    {
        _server.Prepare = _ => null;

        Socket client = _server.ConnectSocket();

        client.ReadToEnd().Should().BeEmpty();
        _server.Loggers.Lines.Should().BeEmpty();
    }

    [Fact]
    public void A_fault_in_the_factory_ends_that_connection_only()
    {
        _server.Prepare = _ => throw new InvalidOperationException("no handler");
        _server.ConnectSocket().ReadToEnd().Should().BeEmpty();
        _server.Loggers.Lines.Should().ContainSingle().Which.Should().StartWith("Error:");

        _server.Prepare = handler => handler;
        (Socket client, RecordingHandler server) = _server.Connect();
        client.Send(Wire.Connect);
        server.WaitUntil(s => s.Packets.Count == 1);
    }

    [Fact]
    public void A_handler_may_write_and_close_before_the_channel_has_it()
    {
        _server.Prepare = handler =>
        {
            handler.Channel.Output.Write<byte>([5]);
            handler.Channel.Close();
            return handler;
        };

        (Socket client, RecordingHandler server) = _server.Connect();

        client.ReadToEnd().Should().Equal(5);
        server.WaitUntil(s => s.Count("closed") == 1);
    }
}

public sealed class EpollFaultSpecs() : FaultSpecs(TransportKind.Epoll);

public sealed class SocketsFaultSpecs() : FaultSpecs(TransportKind.Sockets);
