using System.Net.Sockets;
using Broker.Protocol.Packets;
using Broker.Protocol.Transport;

namespace Broker.Specs.Protocol.Transport.Channels;

public abstract class ReadingSpecs(TransportKind transport) : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(transport: transport);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void Thousands_of_packets_in_one_write_arrive_in_order_and_in_few_batches()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        string[] expected = Enumerable.Range(0, 20_000).Select(i => i.ToString(null as IFormatProvider)).ToArray();

        client.Send(Wire.Join(Wire.Connect, Wire.Join(expected.Select(p => Wire.Publish(p)).ToArray())));

        server.WaitUntil(s => s.Packets.Count == 20_001 && s.Events[^1] == "complete");
        server.Payloads().Should().Equal(expected);
        server.Count("complete").Should().BeLessThan(200);
    }

    [Fact]
    public void The_smallest_packets_are_served_by_the_thousand_before_others_have_their_turn_and_not_by_ten_thousands()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        client.Send(Wire.Connect);
        server.WaitUntil(s => s.Count("complete") == 1);

        client.Send(Wire.Join([.. Enumerable.Repeat(Wire.Ping, 100_000)]));

        server.WaitUntil(s => s.Packets.Count == 100_001 && s.Events[^1] == "complete");
        string[] turns = string.Concat(server.Events.Select(name => name == "packet" ? 'p' : '.')).Split('.');
        turns.Max(turn => turn.Length).Should().BeLessThan(6_000);
    }

    [Fact]
    public void A_packet_sent_byte_by_byte_arrives()
    {
        (Socket client, RecordingHandler server) = _server.Connect();

        foreach (byte next in Wire.Join(Wire.Connect, Wire.Publish("slow")))
        {
            client.Send([next]);
        }

        server.WaitUntil(s => s.Packets.Count == 2);
        server.Payloads().Should().Equal("slow");
        server.OnLoop(() => server.Channel.Version).Should().Be(ProtocolVersion.V311);
    }

    [Fact]
    public void Each_connection_knows_its_listener_and_its_client()
    {
        (Socket client, RecordingHandler server) = _server.Connect();

        server.Channel.Listener.Should().Be("tcp");
        server.Channel.RemoteAddress.Should().Be(client.LocalEndPoint);
        server.Channel.ClientCertificate.Should().BeNull();
        server.Channel.IsActive.Should().BeTrue();
    }

    [Fact]
    public void Pausing_within_a_packet_holds_the_rest_of_the_read_back()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        server.WhenPacket = packet => Pause(server, packet, "stop");

        client.Send(Wire.Join(Wire.Connect, Wire.Publish("1"), Wire.Publish("stop"), Wire.Publish("2"), Wire.Publish("3")));

        server.WaitUntil(s => s.Count("complete") == 1);
        server.Payloads().Should().Equal("1", "stop");
        server.OnLoop(server.Channel.ResumeReading);
        server.Payloads().Should().Equal("1", "stop", "2", "3");
        server.Count("complete").Should().Be(2);
    }

    [Fact]
    public void While_paused_the_client_is_held_by_TCP()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        server.OnLoop(server.Channel.PauseReading);
        client.Blocking = false;
        byte[] packet = Wire.Publish(new byte[50_000]);
        client.Send(Wire.Connect);

        long sent = 0;
        var error = SocketError.Success;
        while (error == SocketError.Success && sent < 200_000_000)
        {
            sent += client.Send(packet, SocketFlags.None, out error);
        }

        error.Should().Be(SocketError.WouldBlock);
        server.Packets.Should().BeEmpty();
        server.OnLoop(server.Channel.ResumeReading);
        server.WaitUntil(s => s.Packets.Count > (sent / packet.Length) - 1);
    }

    [Fact]
    public void Resuming_within_the_call_that_paused_goes_on_without_recursion()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        int depth = 0, deepest = 0;
        server.WhenPacket = _ =>
        {
            deepest = Math.Max(deepest, ++depth);
            server.Channel.PauseReading();
            server.Channel.ResumeReading();
            depth--;
        };

        client.Send(Wire.Join(Wire.Connect, Wire.Join(Enumerable.Repeat(Wire.Ping, 5_000).ToArray())));

        server.WaitUntil(s => s.Packets.Count == 5_001);
        deepest.Should().Be(1);
    }

    [Fact]
    public void Pausing_at_every_packet_and_resuming_at_every_end_of_a_batch_delivers_one_at_a_time()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        int depth = 0, deepest = 0;
        server.WhenPacket = _ => server.Channel.PauseReading();
        server.WhenReadComplete = () =>
        {
            deepest = Math.Max(deepest, ++depth);
            server.Channel.ResumeReading();
            depth--;
        };

        client.Send(Wire.Join(Wire.Connect, Wire.Join(Enumerable.Repeat(Wire.Ping, 3_000).ToArray())));

        server.WaitUntil(s => s.Packets.Count == 3_001 && s.Count("complete") == 3_001);
        deepest.Should().Be(1);
        client.Send(Wire.Ping);
        server.WaitUntil(s => s.Packets.Count == 3_002);
    }

    [Fact]
    public void Pausing_within_a_resume_holds_what_is_left()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        server.WhenPacket = packet => Pause(server, packet, "stop");
        client.Send(Wire.Join(
            Wire.Connect, Wire.Publish("stop"), Wire.Publish("1"), Wire.Publish("stop"), Wire.Publish("2"), Wire.Publish("3")));
        server.WaitUntil(s => s.Count("complete") == 1);

        server.OnLoop(server.Channel.ResumeReading);
        server.Payloads().Should().Equal("stop", "1", "stop");
        server.OnLoop(server.Channel.ResumeReading);
        server.Payloads().Should().Equal("stop", "1", "stop", "2", "3");

        client.Send(Wire.Publish("4"));
        server.WaitUntil(s => s.Packets.Count == 7);
    }

    [Fact]
    public void What_was_sent_before_the_client_closed_is_handled_even_after_a_pause()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        server.WhenPacket = packet => Pause(server, packet, "stop");
        client.Send(Wire.Join(Wire.Connect, Wire.Publish("stop"), Wire.Publish("last")));
        client.Shutdown(SocketShutdown.Both);
        client.Close();
        server.WaitUntil(s => s.Count("complete") == 1);

        server.OnLoop(server.Channel.ResumeReading);

        server.WaitUntil(s => s.Count("closed") == 1);
        server.Payloads().Should().Equal("stop", "last");
        server.Events[^1].Should().Be("closed");
    }

    [Fact]
    public void The_limit_for_a_packet_is_that_for_CONNECT_until_it_is_raised()
    {
        (Socket client, RecordingHandler server) = _server.Connect();
        server.WhenPacket = _ => server.Channel.MaximumPacketSize = 500_000;
        server.Channel.MaximumPacketSize.Should().Be(65_536);

        client.Send(Wire.Join(Wire.Connect, Wire.Publish(new byte[400_000])));
        server.WaitUntil(s => s.Packets.Count == 2);

        client.Send(Wire.Publish(new byte[600_000]).AsSpan(0, 10));
        server.WaitUntil(s => s.Problem is not null);
        server.Problem!.ReasonCode.Should().Be(ReasonCode.PacketTooLarge);
    }

    private static void Pause(RecordingHandler server, Packet packet, string payload)
    {
        if (packet is PublishPacket publish && publish.Payload.Span.SequenceEqual(System.Text.Encoding.UTF8.GetBytes(payload)))
        {
            server.Channel.PauseReading();
        }
    }
}

public sealed class EpollReadingSpecs() : ReadingSpecs(TransportKind.Epoll);

public sealed class SocketsReadingSpecs() : ReadingSpecs(TransportKind.Sockets);
