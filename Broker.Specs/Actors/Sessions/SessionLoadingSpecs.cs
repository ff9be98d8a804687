using Akka.Actor;
using Akka.Cluster.Sharding;
using Broker.Actors.Connections;
using Broker.Actors.Sessions;
using Broker.Actors.Sessions.Journal;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Sessions;

/// <summary>From the store into memory: after a crash, or when a session has left memory.</summary>
public class SessionLoadingSpecs : SessionSpecsBase
{
    [Fact]
    public void After_a_crash_the_session_is_what_was_committed()
    {
        StartConnected(1, receiveMaximum: 3);
        Subscribe(1, Given.Subscription("a/+"));
        Entity.Tell(new SessionProtocol.Unsubscribe("c", 1, 2, ["a/+"]));
        Told<ConnectionProtocol.Unsubscribed>(1);
        Subscribe(1, Given.Subscription("b", QualityOfService.AtLeastOnce));
        for (var number = 1; number <= 5; number++)
        {
            Deliver(number, $"{number}", qos: number == 2 ? 2 : 1, id: number == 2 ? new(7, 1) : default);
        }

        Acknowledge(1, PacketType.PubAck, 1);
        Acknowledge(1, PacketType.PubRec, 2);
        Restart();

        Connect(2);

        Bound(2).Should().Be(new ConnectionProtocol.SessionBound(SessionPresent: true, IsDurable: true));
        Told<ConnectionProtocol.Release>(2).PacketId.Should().Be(2);
        Deliveries().Should().Equal(("3", 3, true), ("4", 4, true), ("5", 5, false));
        Routes.Tree.Count.Should().Be(1);
        Deliver(9, "again", qos: 2, id: new(7, 1));
        Answers().Should().ContainSingle().Which.Outcome.Should().Be(DeliveryOutcome.Accepted);
        NothingIsTold();
    }

    [Fact]
    public void A_QoS_2_publish_keeps_its_identity_over_a_crash()
    {
        StartConnected(1);
        Entity.Tell(new SessionProtocol.NumberInbound("c", 1, 5));
        var first = Told<ConnectionProtocol.InboundNumbered>(1);
        Entity.Tell(new SessionProtocol.InboundRouted("c", 1, 5));
        Restart();
        Connect(2);
        Bound(2);

        Entity.Tell(new SessionProtocol.NumberInbound("c", 2, 5));
        Entity.Tell(new SessionProtocol.NumberInbound("c", 2, 6));

        Told<ConnectionProtocol.InboundNumbered>(2).Should().Be(first with { AlreadyRouted = true });
        Told<ConnectionProtocol.InboundNumbered>(2).Id.Number.Should().Be(2);
    }

    [Fact]
    public void Messages_that_arrive_while_it_loads_keep_their_order()
    {
        StartConnected(1);
        Close(1);
        Crash();
        Store.HoldReads();
        Start();
        Deliver(1, "a");
        Deliver(2, "b", previous: 1);
        Connect(2);
        Deliver(3, "c", previous: 2);
        NothingIsTold();
        Outbox.Messages.Should().BeEmpty();

        Store.ReleaseReads();

        Bound(2).SessionPresent.Should().BeTrue();
        AwaitCondition(() => Outbox.Messages.Count == 3, Deadline, Poll);
        Settle();
        Answers().Select(answer => answer.Sequence).Should().Equal(1, 2, 3);
        Deliveries().Select(delivery => delivery.Payload).Should().Equal("a", "b", "c");
    }

    [Fact]
    public void A_session_that_cannot_be_read_refuses_CONNECT_and_the_next_message_tries_again()
    {
        StartConnected(1);
        Close(1);
        Crash();
        Store.ReadFailure = new StorageException("the database is away");
        Store.HoldReads();
        Start();
        Connect(2);
        Deliver(1, "a");
        Store.ReleaseReads();

        Told<ConnectionProtocol.SessionRefused>(2).ReasonCode.Should().Be(ReasonCode.ServerUnavailable);
        Shard.ExpectMsg<Passivate>();
        Outbox.Messages.Should().BeEmpty("the outbox sends it again");

        Store.ReadFailure = null;
        Crash();
        Start();
        Connect(3);
        Bound(3).SessionPresent.Should().BeTrue();
    }

    [Fact]
    public void The_end_of_a_connection_outlasts_a_store_that_cannot_be_read()
    {
        StartConnected(1, will: new WillMessage { Topic = "w", Payload = default, DelayInterval = 60 });
        Crash();
        Store.ReadFailure = new StorageException("the database is away");
        Store.HoldReads();
        Start();
        Close(1, discardWill: true);
        Store.ReleaseReads();
        Connect(2);
        Pass(SessionTimers.LoadPause);
        Told<ConnectionProtocol.SessionRefused>(2).ReasonCode.Should().Be(ReasonCode.ServerUnavailable);

        Store.ReadFailure = null;
        Pass(SessionTimers.LoadPause);

        AwaitCondition(() => Store.Writes.OfType<StoreWrite.CloseConnection>().Any(), Deadline, Poll);
        Pass(TimeSpan.FromMinutes(1));
        Published.Should().BeEmpty("the client said good-bye");
    }

    [Fact]
    public void A_queue_that_was_being_read_when_the_session_could_not_be_loaded_again_is_read_later()
    {
        StartConnected(1);
        Close(1);
        Deliver(1, "a");
        Deliver(2, "b", previous: 1);
        Restart();
        Store.HoldReads();
        Connect(2);
        Bound(2);
        Store.ReadFailure = new StorageException("the database is away");
        Attach(2, 2, highestPosition: 1);
        Close(2);
        Connect(3);
        Store.ReleaseReads();
        Told<ConnectionProtocol.SessionRefused>(3);

        Store.ReadFailure = null;
        Pass(SessionTimers.LoadPause);
        Connect(4);
        Bound(4);
        Pass(TimeSpan.FromSeconds(1));

        AwaitCondition(() => !Registry.Messages.IsEmpty, Deadline, Poll);
        Deliveries().Should().Equal(("b", 1, false));
    }

    [Fact]
    public void A_queue_larger_than_a_page_is_read_page_by_page_and_in_order()
    {
        Limits = new() { MaxQueuedMessages = 0 };
        StartConnected(1);
        Close(1);
        const int count = (2 * PagedQueue.PageMessages) + 7;
        for (var number = 1; number <= count; number++)
        {
            Deliver(number, $"{number}");
        }

        Restart();
        Connect(2, receiveMaximum: 65_535);
        Bound(2);

        var seen = new List<string>();
        AwaitCondition(
            () =>
            {
                seen.AddRange(Deliveries().Select(delivery => delivery.Payload));
                return seen.Count >= count;
            },
            Deadline,
            Poll);
        seen.Should().Equal(Enumerable.Range(1, count).Select(number => $"{number}"));
        Store.PagesRead.Should().Be(3);
    }

    [Fact]
    public void Messages_that_the_store_removed_when_they_expired_hold_nobody_up_and_are_counted()
    {
        StartConnected(1);
        Close(1);
        for (var number = 1; number <= 4; number++)
        {
            Deliver(number, $"{number}");
        }

        foreach (var position in (long[])[1, 2, 4])
        {
            Store.RemoveQueued(ClientId, position);
        }

        Connect(2);
        Bound(2);

        Deliveries().Select(delivery => delivery.Payload).Should().Equal("3");
        Services.Dropped[DropReason.Expired].Should().Be(3);
        Store.PagesRead.Should().Be(1, "an empty queue is not read again and again");
        Deliver(5, "live");
        Deliveries().Select(delivery => delivery.Payload).Should().Equal("live");
    }

    [Fact]
    public void A_damaged_page_starts_the_session_again_and_disconnects_its_client()
    {
        StartConnected(1);
        Close(1);
        Deliver(1, "a");
        Store.ReadFailure = new CorruptRowException("mqtt_queue, position 1");
        Connect(2);
        Bound(2);
        Told<ConnectionProtocol.Disconnect>(2).ReasonCode.Should().Be(ReasonCode.ImplementationSpecificError);
    }

    [Fact]
    public void A_page_is_read_again_when_the_database_is_back_and_the_client_does_not_notice()
    {
        StartConnected(1);
        Close(1);
        Deliver(1, "a");
        Store.ReadFailure = new StorageException("the database is away");
        Connect(2);
        Bound(2);
        NothingIsTold();

        Store.ReadFailure = null;
        Pass(TimeSpan.FromSeconds(1));

        Deliveries().Select(delivery => delivery.Payload).Should().Equal("a");
    }

    [Fact]
    public void The_events_of_a_session_that_ended_are_erased_once_its_journal_has_stopped()
    {
        StartConnected(1);
        Subscribe(1, Given.Subscription("t"));
        var key = Store.Writes.OfType<StoreWrite.Create>().Single().Session.Key;
        Close(1, expiry: 0);

        AwaitCondition(() => !Erasers.Messages.IsEmpty, Deadline, Poll);
        Erasers.Next<JournalErasers.Erase>().SessionKey.Should().Be(key);
        Shard.ExpectMsg<Passivate>();
        Routes.Tree.Count.Should().Be(0);
    }
}
