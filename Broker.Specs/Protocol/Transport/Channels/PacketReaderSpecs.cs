using Broker.Protocol.Codec;
using Broker.Protocol.Packets;
using Broker.Protocol.Transport.Channels;

namespace Broker.Specs.Protocol.Transport.Channels;

public sealed class PacketReaderSpecs
{
    private readonly PacketDecoder _decoder = new(PeerRole.Client) { MaximumPacketSize = 1_000_000 };
    private readonly RecordingHandler _handler = new();
    private readonly PacketReader _reader;

    public PacketReaderSpecs() => _reader = new PacketReader(_decoder);

    [Fact]
    public void Packets_arrive_whole_wherever_the_stream_is_cut()
    {
        byte[] stream = Wire.Join(Wire.Connect, Wire.Publish("one"), Wire.Publish(new string('x', 300)), Wire.Ping, Wire.Publish("two"));
        for (int first = 0; first <= stream.Length; first++)
        {
            int second = first + ((stream.Length - first) / 2);
            var handler = new RecordingHandler();
            var reader = new PacketReader(new PacketDecoder(PeerRole.Client));

            reader.Read(stream.AsSpan(0, first), handler);
            reader.Read(stream.AsSpan(first, second - first), handler);
            reader.Read(stream.AsSpan(second), handler);

            handler.Packets.Select(p => p.Type).Should().Equal(
                PacketType.Connect, PacketType.Publish, PacketType.Publish, PacketType.PingReq, PacketType.Publish);
            handler.Payloads().Should().Equal("one", new string('x', 300), "two");
            reader.KeptCapacity.Should().Be(0);
        }
    }

    [Fact]
    public void Packets_arrive_whole_from_single_bytes()
    {
        foreach (byte next in Wire.Join(Wire.Connect, Wire.Publish("one"), Wire.Publish(new string('x', 5_000)), Wire.Publish("two")))
        {
            _reader.Read([next], _handler);
        }

        _handler.Payloads().Should().Equal("one", new string('x', 5_000), "two");
        _reader.KeptCapacity.Should().Be(0);
    }

    [Fact]
    public void A_large_announcement_reserves_no_more_than_twice_what_was_sent()
    {
        _reader.Read(Wire.Connect, _handler);

        _reader.Read(Wire.Publish(new byte[900_000]).AsSpan(0, 10), _handler);
        _reader.Read(new byte[5_000], _handler);

        _reader.KeptBytes.Should().Be(5_010);
        _reader.KeptCapacity.Should().BeLessThanOrEqualTo(16_384);
    }

    [Fact]
    public void A_packet_over_the_limit_is_refused_by_its_header()
    {
        _decoder.MaximumPacketSize = 1_000;
        _reader.Read(Wire.Connect, _handler);

        byte[] large = Wire.Publish(new byte[2_000]);
        _reader.Read(large.AsSpan(0, 2), _handler);
        _reader.Read(large.AsSpan(2, 1), _handler);

        _reader.TakeProblem()!.ReasonCode.Should().Be(ReasonCode.PacketTooLarge);
        _reader.TakeProblem().Should().BeNull();
        _reader.KeptCapacity.Should().Be(0);
    }

    [Fact]
    public void Nothing_is_delivered_after_malformed_bytes()
    {
        _reader.Read(Wire.Join(Wire.Connect, [0xF1, 0x00], Wire.Ping), _handler);
        _reader.Read(Wire.Ping, _handler);

        _handler.Packets.Should().ContainSingle();
        _reader.TakeProblem().Should().NotBeNull();
        _reader.IsStopped.Should().BeTrue();
    }

    [Fact]
    public void What_comes_while_paused_is_held_and_delivered_in_order()
    {
        _handler.WhenPacket = packet => _reader.IsPaused |= packet is PublishPacket { Payload.Length: 1 };
        byte[] tail = Wire.Publish("after");
        _reader.Read(Wire.Join(Wire.Connect, Wire.Publish("1"), Wire.Publish("22"), tail[..4]), _handler);
        _reader.Read(Wire.Join(tail[4..], Wire.Publish("3"), Wire.Publish("44")), _handler);
        _handler.Payloads().Should().Equal("1");

        _reader.IsPaused = false;
        _reader.ReadHeld(_handler);
        _handler.Payloads().Should().Equal("1", "22", "after", "3");

        _reader.IsPaused = false;
        _reader.Read(Wire.Publish("55"), _handler);
        _handler.Payloads().Should().Equal("1", "22", "after", "3", "44", "55");
        _reader.KeptCapacity.Should().Be(0);
    }

    [Fact]
    public void A_tail_left_by_a_long_pause_does_not_keep_its_array()
    {
        _reader.Read(Wire.Connect, _handler);
        _reader.IsPaused = true;
        _reader.Read(Wire.Join(Wire.Publish(new byte[60_000]), Wire.Publish("tail")[..3]), _handler);

        _reader.IsPaused = false;
        _reader.ReadHeld(_handler);

        _reader.KeptBytes.Should().Be(3);
        _reader.KeptCapacity.Should().BeLessThanOrEqualTo(256);
        _reader.Read(Wire.Publish("tail").AsSpan(3), _handler);
        _handler.Payloads()[^1].Should().Be("tail");
    }

    [Fact]
    public void Stopping_within_a_delivery_ends_it_and_gives_memory_back()
    {
        _reader.Read(Wire.Connect, _handler);
        _reader.IsPaused = true;
        _reader.Read(Wire.Join(Wire.Publish("1"), Wire.Publish("2")), _handler);
        _handler.WhenPacket = _ => _reader.Stop();

        _reader.IsPaused = false;
        _reader.ReadHeld(_handler);

        _handler.Payloads().Should().Equal("1");
        _reader.KeptCapacity.Should().Be(0);
    }
}
