using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Sessions;

/// <summary>A store whose writes are committed late, or never (promise 2).</summary>
public class CommitSpecs : SessionSpecsBase
{
    [Fact]
    public void A_delivery_is_answered_and_sent_only_when_it_is_committed()
    {
        StartManual();
        Deliver(1, "a");
        (Outbox.Messages.Count, Registry.Messages.Count).Should().Be((0, 0));

        Commit(1, answers: 1);

        Answers().Should().Equal((1, DeliveryOutcome.Accepted));
        Deliveries().Should().Equal(("a", 1, false));
    }

    [Fact]
    public void What_a_group_commits_is_answered_in_order_and_what_waits_for_the_next_is_not()
    {
        StartManual();
        Deliver(1, "a");
        Deliver(2, "b", previous: 1);
        Deliver(3, "c", previous: 2);

        Commit(2, answers: 2);

        Answers().Select(answer => answer.Sequence).Should().Equal(1, 2);
        Deliveries().Select(delivery => delivery.Payload).Should().Equal("a", "b");
    }

    [Fact]
    public void A_refusal_is_not_answered_before_what_waits_for_its_commit()
    {
        Limits = new LimitsOptions { MaxQueuedMessages = 1 };
        StartManual();
        Deliver(1, "a");
        Deliver(2, "too many", previous: 1);
        Outbox.Messages.Should().BeEmpty("an answer stands for all deliveries before it, and the first is not safe yet");

        Commit(1, answers: 2);
        Answers().Should().Equal((1, DeliveryOutcome.Accepted), (2, DeliveryOutcome.QueueFull));
    }

    [Fact]
    public void A_QoS_2_message_that_comes_again_is_not_acknowledged_before_the_first_one_is_committed()
    {
        StartManual();
        Deliver(1, "a", qos: 2, id: new MessageId(7, 1));
        Deliver(2, "a", qos: 2, previous: 1, id: new MessageId(7, 1));
        Outbox.Messages.Should().BeEmpty();

        Commit(1, answers: 2);
        Answers().Select(answer => answer.Sequence).Should().Equal(1, 2);
    }

    [Fact]
    public void Bytes_that_are_being_committed_count_so_that_nothing_accepted_is_dropped()
    {
        Limits = new LimitsOptions { MaxQueuedBytes = 25 };
        StartManual();
        Close(1);
        Deliver(1, new string('a', 9));
        Deliver(2, new string('b', 9), previous: 1);
        Deliver(3, new string('c', 9), previous: 2);
        Commit(3, answers: 3);

        Answers().Select(answer => answer.Outcome).Should().Equal(
            DeliveryOutcome.Accepted, DeliveryOutcome.Accepted, DeliveryOutcome.QueueFull);
        Services.Dropped[DropReason.QueueFull].Should().Be(1);
    }

    [Fact]
    public void QoS_2_leaves_only_with_a_committed_packet_id()
    {
        StartManual();
        Deliver(1, "a", qos: 2);
        Commit(1, answers: 1);
        NothingIsTold();
        Store.Waiting.Should().Be(1, "the packet id is written");

        Store.Complete();
        AwaitCondition(() => !Registry.Messages.IsEmpty, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(5));
        Deliveries().Should().Equal(("a", 1, false));
    }

    [Fact]
    public void A_connection_that_comes_while_writes_wait_gets_everything_once_and_in_order()
    {
        StartManual();
        Deliver(1, "a", qos: 2);
        Commit(1, answers: 1);
        Deliver(2, "b", qos: 2);
        Close(1);
        Connect(2);
        NothingIsTold();

        // Each commit causes the next write.
        while (Store.Waiting > 0)
        {
            Store.Complete();
            Settle();
        }

        // The first was on its way to the connection that is gone.
        var sent = Registry.Messages.Cast<ConnectionRegistry.ToConnection>().Where(message => message is { Number: 2, Command: ConnectionProtocol.Deliveries })
            .SelectMany(message => ((ConnectionProtocol.Deliveries)message.Command).Items.Select(item => (item.PacketId, item.Duplicate)));
        sent.Should().Equal((1, true), (2, false));
    }

    [Fact]
    public void PUBREL_PUBREC_and_PUBCOMP_wait_for_their_commits()
    {
        Start();
        Connect(1);
        Bound(1);
        Deliver(1, "a", qos: 2);
        Registry.Messages.Clear();
        Store.IsManual = true;

        Acknowledge(1, PacketType.PubRec, 1);
        Entity.Tell(new SessionProtocol.NumberInbound("c", 1, 5), Akka.Actor.ActorRefs.NoSender);
        Entity.Tell(new SessionProtocol.ReleaseInbound("c", 1, 5), Akka.Actor.ActorRefs.NoSender);
        NothingIsTold();

        Store.Complete();
        AwaitCondition(() => Registry.Messages.Count == 3, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(5));
        Told<ConnectionProtocol.Release>(1).PacketId.Should().Be(1);
        Told<ConnectionProtocol.InboundNumbered>(1).PacketId.Should().Be(5);
        Told<ConnectionProtocol.InboundReleased>(1).WasKnown.Should().BeTrue();
    }

    [Fact]
    public void A_write_that_fails_starts_the_session_again_from_the_store_and_answers_nobody()
    {
        StartManual();
        Deliver(1, "a");
        Deliver(2, "b", previous: 1);
        Store.Fail();

        Told<ConnectionProtocol.Disconnect>(1).ReasonCode.Should().Be(ReasonCode.ImplementationSpecificError);
        Store.IsManual = false;
        Store.Complete();
        Close(1);
        Connect(2);
        Bound(2).SessionPresent.Should().BeTrue();
        Outbox.Messages.Should().BeEmpty("the outbox sends again what nobody answered");

        Deliver(1, "a");
        Deliver(2, "b", previous: 1);
        Settle();
        Deliveries().Select(delivery => delivery.Payload).Should().Equal("a", "b");
        Answers().Select(answer => answer.Sequence).Should().Equal(1, 2);
    }

    private void StartManual()
    {
        StartConnected(1);
        Store.IsManual = true;
    }
}
