using Broker.Actors.Connections;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections;

/// <summary>Deliveries from one event loop to another, and what happens when one is behind.</summary>
public class EventLoopSpecs
{
    [Fact]
    public void Messages_for_another_loop_go_over_once_a_round_and_in_order()
    {
        var broker = new TestBroker(loops: 2);
        var (publisher, near, far) = (broker.Connect("p", loop: 0), broker.Connect("near", loop: 0), broker.Connect("far", loop: 1));
        broker.Subscribe(near, "t");
        broker.Subscribe(far, "t");

        for (var read = 0; read < 5; read++)
        {
            publisher.Send([.. Enumerable.Range(0, 10).Select(number => Packets.Publish("t", $"{read}.{number}"))]);
            broker.Run(0);
        }

        far.Loop.Waiting.Should().Be(5, "one task a round");
        broker.Run();
        far.Payloads().Should().Equal(near.Payloads()).And.HaveCount(50).And.BeInAscendingOrder();
    }

    [Fact]
    public void A_loop_that_is_far_behind_holds_publishers_until_it_has_caught_up()
    {
        var broker = new TestBroker(loops: 2);
        var (publisher, subscriber) = (broker.Connect("p", loop: 0), broker.Connect("s", loop: 1));
        broker.Subscribe(subscriber, "t");
        var round = Enumerable.Range(0, 10_001).Select(_ => Packets.Publish("t")).ToArray();

        for (var i = 0; i < 5; i++)
        {
            publisher.Send(round);
            broker.Run(0);
            publisher.IsPaused.Should().BeFalse();
        }

        publisher.Send(Packets.Publish("t"), Packets.Publish("t", "held"));
        broker.Run(0);
        publisher.IsPaused.Should().BeTrue();
        broker.Counters.PublishReceived.Should().Be(50_006);

        broker.Run();
        publisher.IsPaused.Should().BeFalse();
        subscriber.Payloads().Should().HaveCount(50_007).And.EndWith("held");
    }

    [Fact]
    public void A_fault_in_one_connection_ends_it_before_it_does_anything_else_and_disturbs_no_other()
    {
        var broker = new TestBroker();
        var (faulty, other) = (broker.ConnectDurable("faulty"), broker.ConnectDurable("other"));
        faulty.Fault = new InvalidOperationException("made by the spec");
        var connections = new[] { faulty, other }.Select(channel => (ClientConnection)channel.Handler).ToArray();
        foreach (var packetId in (ushort[])[1, 2])
        {
            Array.ForEach(connections, connection => connection.Loop.Post(connection, Deliveries(packetId)));
        }

        // The rest of the fault's mailbox is read at once, not with the next message.
        broker.Run();

        other.Sent.Cast<PublishPacket>().Select(packet => packet.PacketId).Should().Equal(1, 2);
        faulty.IsClosed.Should().BeTrue();
        faulty.Sent.Should().BeEmpty();
        broker.Sessions.Next<SessionProtocol.ConnectionClosed>().ClientId.Should().Be("faulty");
        faulty.Fault = null;
        broker.Answer(faulty, Deliveries(3));
        faulty.Sent.Should().BeEmpty("it does nothing behind what it has not done");

        static ConnectionProtocol.Deliveries Deliveries(ushort packetId) => new([new NumberedDelivery(
            new Delivery(Packets.Message("t"), QualityOfService.AtLeastOnce, false, null), packetId, Duplicate: false, Position: packetId)]);
    }

    [Fact]
    public void The_backlog_says_that_it_is_drained_once_on_its_way_down()
    {
        var drained = 0;
        var backlog = new LoopBacklog(() => drained++);
        backlog.Add(LoopBacklog.High);
        backlog.IsCongested.Should().BeFalse();
        backlog.Add(1);
        backlog.IsCongested.Should().BeTrue();

        backlog.Remove(LoopBacklog.High - LoopBacklog.Low);
        drained.Should().Be(0);
        backlog.Remove(2);
        drained.Should().Be(1);
        backlog.Remove(LoopBacklog.Low - 1);
        drained.Should().Be(1);
    }

    [Fact]
    public void Commands_from_many_threads_reach_their_connection_each_once_and_in_the_order_of_each_thread()
    {
        var broker = new TestBroker();
        var channel = broker.ConnectDurable("c");
        var connection = (ClientConnection)channel.Handler;
        var threads = Enumerable.Range(0, 4).Select(thread => new Thread(() =>
        {
            for (var number = 1; number <= 500; number++)
            {
                connection.Loop.Post(connection, new ConnectionProtocol.Release((ushort)((thread * 1_000) + number), ReasonCode.Success));
            }
        })).ToList();

        threads.ForEach(thread => thread.Start());
        while (threads.Any(thread => thread.IsAlive))
        {
            broker.Run();
        }

        threads.ForEach(thread => thread.Join());
        broker.Run();

        var ids = channel.Sent.Cast<PubRelPacket>().Select(packet => packet.PacketId).ToList();
        ids.Should().HaveCount(2_000).And.OnlyHaveUniqueItems();
        foreach (var thread in ids.GroupBy(id => id / 1_000))
        {
            thread.Should().BeInAscendingOrder();
        }
    }

    [Fact]
    public void Any_connection_may_leave_its_loops_list_in_any_order()
    {
        var broker = new TestBroker();
        var channels = Enumerable.Range(0, 5).Select(number => broker.Connect(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = $"c{number}", KeepAlive = 10 })).ToList();
        var connections = broker.Loops.All[0].Connections;

        foreach (var index in (int[])[2, 4, 0])
        {
            channels[index].Break();
        }

        connections.Count.Should().Be(2);
        broker.Pass(TimeSpan.FromSeconds(16));
        (channels[1].IsClosed, channels[3].IsClosed).Should().Be((true, true), "the list still has those that stayed");
        connections.Count.Should().Be(0);
    }

    [Fact]
    public async Task The_directory_tells_when_the_last_connection_has_gone()
    {
        var broker = new TestBroker();
        var (first, second) = (broker.Connect("1"), broker.Connect("2"));
        var empty = broker.Context.Directory.WhenEmptyAsync(TimeSpan.FromHours(1), CancellationToken.None);
        first.Break();
        empty.IsCompleted.Should().BeFalse();
        second.Break();
        await empty.WaitAsync(TimeSpan.FromSeconds(10));

        broker.Sessions.Messages.Clear();
        broker.Connect("3");
        var late = broker.Context.Directory.WhenEmptyAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        broker.Time.Advance(TimeSpan.FromSeconds(5));
        await late.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Connection_numbers_only_grow_also_across_a_restart()
    {
        var broker = new TestBroker();
        var number = broker.Context.Directory.NextNumber();
        broker.Context.Directory.NextNumber().Should().BeGreaterThan(number);
        broker.Time.Advance(TimeSpan.FromMilliseconds(1));
        new ConnectionDirectory(broker.Time).NextNumber().Should().BeGreaterThan(broker.Context.Directory.NextNumber());
    }
}
