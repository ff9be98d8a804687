using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections;

/// <summary>A client that goes on asking and does not read the answers.</summary>
public sealed class UnreadSpecs
{
    private readonly TestBroker _broker = new(new LimitsOptions { MaxOutboundBuffer = 1_024, MaxPacketSize = 2_000 });

    [Fact]
    public void It_is_not_read_from_until_it_has_read_and_then_gets_all_answers()
    {
        var client = _broker.Connect("c");
        client.IsWritable = false;

        var asked = 0;
        for (; !client.IsPaused && asked < 10_000; asked++)
        {
            client.Send(PingReqPacket.Instance);
        }

        asked.Should().Be(((1_024 + 2_000) / 2) + 1, "PINGRESP has two bytes, and nothing is flushed here");
        client.Send(PingReqPacket.Instance);
        client.PendingBytes.Should().Be(asked * 2, "what comes now waits in the kernel");

        client.BecomeWritable();
        _broker.Run();

        client.IsPaused.Should().BeFalse();
        client.Sent.OfType<PingRespPacket>().Should().HaveCount(asked + 1);
    }

    [Fact]
    public void Who_reads_is_not_held_however_much_it_asks_at_once()
    {
        var client = _broker.Connect("c");

        client.Send([.. Enumerable.Repeat<Packet>(PingReqPacket.Instance, 10_000)]);

        client.IsPaused.Should().BeFalse();
    }

    [Fact]
    public void Less_than_the_bound_holds_nobody()
    {
        var client = _broker.Connect("c");
        client.IsWritable = false;

        client.Send([.. Enumerable.Repeat<Packet>(PingReqPacket.Instance, 512)]);

        client.IsPaused.Should().BeFalse();
    }

    [Fact]
    public void One_large_delivery_holds_nobody()
    {
        var client = _broker.Connect("c");
        _broker.Subscribe(client, "t");
        client.IsWritable = false;
        _broker.Connect("p").Send(Packets.Publish("t", new string('x', 1_900)));
        client.IsWritable = true;
        _broker.Connect("q").Send(Packets.Publish("t", new string('x', 1_900)));
        client.IsWritable = false;

        client.Send(PingReqPacket.Instance);

        client.IsPaused.Should().BeFalse("its acknowledgements and pings have to be read");
    }

    [Fact]
    public void The_time_in_which_the_broker_does_not_read_is_not_its_silence()
    {
        var client = _broker.Connect(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c", KeepAlive = 10 });
        client.IsWritable = false;
        client.Send([.. Enumerable.Repeat<Packet>(PingReqPacket.Instance, 10_000)]);
        _broker.Loops.HoldAll(true);
        _broker.Pass(TimeSpan.FromSeconds(60));
        _broker.Loops.HoldAll(false);
        _broker.Run();

        _broker.Pass(TimeSpan.FromSeconds(14));
        client.IsClosed.Should().BeFalse("it has had 14 seconds of its 15");
        _broker.Pass(TimeSpan.FromSeconds(2));
        client.IsClosed.Should().BeTrue();
    }

    [Fact]
    public void Its_keep_alive_goes_on()
    {
        var client = _broker.Connect(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c", KeepAlive = 10 });
        client.IsWritable = false;
        client.Send([.. Enumerable.Repeat<Packet>(PingReqPacket.Instance, 10_000)]);
        client.IsPaused.Should().BeTrue();

        _broker.Pass(TimeSpan.FromSeconds(15));

        client.IsClosed.Should().BeTrue("that it is not read from is its own doing");
    }

    [Fact]
    public void Its_end_leaves_nothing_behind()
    {
        var client = _broker.Connect("c");
        client.IsWritable = false;
        client.Send([.. Enumerable.Repeat<Packet>(PingReqPacket.Instance, 10_000)]);

        client.Break();

        _broker.Context.Directory.Count.Should().Be(0);
    }
}
