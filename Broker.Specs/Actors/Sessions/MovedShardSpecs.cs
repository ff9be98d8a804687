using Akka.Actor;
using Akka.TestKit;
using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Actors.Storage.Sql.Writing;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Connections;

namespace Broker.Specs.Actors.Sessions;

/// <summary>The shard of a session moves, or its node may not write any more (hard cases 1, 5).</summary>
public class MovedShardSpecs : SessionSpecsBase
{
    [Fact]
    public void An_entity_that_is_handed_off_ends_once_all_that_it_wrote_is_committed()
    {
        StartConnected(1);
        Store.IsManual = true;
        Deliver(1, "a");
        Watch(Entity);

        Entity.Tell(SessionActor.HandOff.Instance);
        ExpectNoMsg(TimeSpan.Zero);
        Store.Complete();

        ExpectTerminated(Entity, Deadline);
        Registry.Messages.Cast<ConnectionRegistry.ToConnection>().Last().Command.Should().BeOfType<ConnectionProtocol.Resume>(
            "the connection starts the session again at its new home");
    }

    [Fact]
    public void An_entity_whose_node_is_revoked_ends_without_a_word_to_its_client()
    {
        StartConnected(1);
        Store.IsManual = true;
        Deliver(1, "a", qos: 2, id: new MessageId(5, 1));
        Watch(Entity);

        Store.Fail(new RevokedException(1));

        ExpectTerminated(Entity, Deadline);
        NothingIsTold();
        Outbox.Messages.Should().BeEmpty("the publisher's node sends it again, to the new home");
    }

    [Fact]
    public void An_entity_that_may_not_read_any_more_ends_without_a_word_to_its_client()
    {
        StartConnected(1);
        Close(1);
        Crash();
        Store.ReadFailure = new RevokedException(1);

        Start();
        Watch(Entity);
        Connect(2);

        ExpectTerminated(Entity, Deadline);
        NothingIsTold();
    }

    [Fact]
    public void A_delivery_that_the_hand_off_drops_comes_before_those_sent_behind_it()
    {
        StartConnected(1);
        var region = new Region(() => Entity);
        var (ref_, time) = (region, Time);
        var outbox = Sys.ActorOf(Props.Create(() => new SessionOutbox(ref_, time)).WithDispatcher(CallingThreadDispatcher.Id));
        Send(outbox, "m6");
        Told<ConnectionProtocol.Deliveries>(1);

        // m7 is lost with the old home, m8 reaches the new one, which cannot know that something is missing but by what m8 says.
        region.IsDropping = true;
        Send(outbox, "m7");
        Crash();
        Start();
        region.IsDropping = false;
        Send(outbox, "m8");
        Connect(2);
        Bound(2);

        AwaitCondition(() => Registry.Messages.Cast<ConnectionRegistry.ToConnection>().SelectMany(Payloads).Count() >= 3, Deadline, Poll);
        Registry.Messages.Cast<ConnectionRegistry.ToConnection>().SelectMany(Payloads).Should().Equal("m6", "m7", "m8");
    }

    [Fact]
    public void A_restarted_node_takes_the_place_of_its_earlier_outbox()
    {
        var places = new LanePlaces();
        var (first, second) = (new RecordingRef("outbox"), new RecordingRef("outbox-again"));
        places.Arrive(first, 1, 0).Should().Be(Arrival.Next);
        places.Arrive(second, 1, 0).Should().Be(Arrival.Next);

        places.Count.Should().Be(1);
        places.Forget(static _ => true);
        places.Count.Should().Be(0);
        places.Answer(first, 1);
    }

    private static IEnumerable<string> Payloads(ConnectionRegistry.ToConnection message) =>
        message.Command is ConnectionProtocol.Deliveries deliveries ? deliveries.Items.Select(item => item.Delivery.Publication.Text()) : [];

    private static void Send(IActorRef outbox, string payload) => outbox.Tell(new[]
    {
        new SessionDelivery(
            ClientId, Packets.Message("t", payload, QualityOfService.AtLeastOnce), QualityOfService.AtLeastOnce, false, null, isShared: false, pending: null),
    });

    private sealed class Region(Func<IActorRef> entity) : MinimalActorRef
    {
        public bool IsDropping { get; set; }

        public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems) / "region";

        public override IActorRefProvider Provider => throw new NotSupportedException();

        protected override void TellInternal(object message, IActorRef sender)
        {
            if (!IsDropping)
            {
                entity().Tell(message, sender);
            }
        }
    }
}
