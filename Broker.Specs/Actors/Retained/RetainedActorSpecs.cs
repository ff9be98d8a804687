using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Broker.Actors.Hosting;
using Broker.Actors.Retained;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Broker.Specs.Actors.Connections;
using Broker.Specs.Actors.Sessions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Retained;

/// <summary>The owner of retained topics: writes become visible, and are answered, when they are committed and in the order of arrival.</summary>
public class RetainedActorSpecs : TestKit
{
    private const int Partition = 3;

    private readonly FakeStore _store = new(new FakeTimeProvider()) { IsManual = true };
    private readonly RetainedCopy _copy = new();
    private IActorRef _owner;

    public RetainedActorSpecs()
        : base("akka.loglevel = WARNING") => _owner = Start();

    [Fact]
    public void A_message_is_seen_and_answered_once_it_is_committed()
    {
        Set(1, "t", "first");
        Set(2, "t", "second");
        _store.Complete(1);
        Applied().Should().Be((1, DeliveryOutcome.Accepted));
        _copy.Get("t")!.Publication.Text().Should().Be("first");

        _store.Complete(1);
        Applied().Should().Be((2, DeliveryOutcome.Accepted));
        _copy.Get("t")!.Publication.Text().Should().Be("second");
    }

    [Fact]
    public void A_save_that_fails_changes_nothing_and_is_answered_so_that_nobody_waits_for_ever()
    {
        Set(1, "t", "first");
        Set(2, "u", "second");
        _store.Fail();
        _store.Complete();

        (Applied(), Applied()).Should().Be(((1, DeliveryOutcome.Failed), (2, DeliveryOutcome.Accepted)));
        _copy.Get("t").Should().BeNull();
    }

    [Fact]
    public void What_does_not_fit_is_refused_before_it_is_saved()
    {
        _copy.Apply(new RetainedMessage(Packets.Message("a"), 0));
        _copy.Apply(new RetainedMessage(Packets.Message("b"), 0));
        Set(1, "c", "x");
        Applied().Outcome.Should().Be(DeliveryOutcome.QueueFull);
        _store.Writes.Should().BeEmpty();
    }

    [Fact]
    public void Versions_grow_within_the_partition_and_go_on_behind_those_of_the_copy()
    {
        Set(1, "t", "a");
        Set(2, "u", "b");
        _store.Complete();
        (Applied(), Applied()).Should().Be(((1, DeliveryOutcome.Accepted), (2, DeliveryOutcome.Accepted)));
        _copy.VersionOf(Partition).Should().Be(2);

        _owner = Start();
        Set(3, "t", "c");

        _store.Writes.Cast<StoreWrite.SaveRetained>().Select(save => (save.Partition, save.Version))
            .Should().Equal((Partition, 1), (Partition, 2), (Partition, 3));
    }

    [Fact]
    public void Tombstones_are_removed_from_the_store_a_hundred_at_a_time()
    {
        _store.IsManual = false;
        for (var number = 1; number <= 99; number++)
        {
            Set(number, $"t{number}", "");
            Applied();
        }

        _store.Writes.OfType<StoreWrite.PurgeTombstones>().Should().BeEmpty();
        Set(100, "t100", "");
        Applied();
        var purge = _store.Writes.OfType<StoreWrite.PurgeTombstones>().Should().ContainSingle().Which;
        (purge.Partition, purge.Version).Should().Be((Partition, 100));
        Set(101, "t", "goes on");
        Applied().Should().Be((101, DeliveryOutcome.Accepted), "the purge itself is answered to nobody");
    }

    private IActorRef Start()
    {
        var (store, copy, limits) = (_store, _copy, new LimitsOptions { MaxRetainedMessages = 2 });
        var owner = Sys.ActorOf(Props.Create(() => new RetainedActor(Partition, store, copy, limits, NullLogger<RetainedActor>.Instance))
            .WithDispatcher(CallingThreadDispatcher.Id));

        // From then on it runs on the thread that tells it.
        owner.Tell(new RetainedActor.Ping());
        ExpectMsg<RetainedActor.Pong>();
        return owner;
    }

    private (long Number, DeliveryOutcome Outcome) Applied()
    {
        var applied = ExpectMsg<RetainedActor.Applied>();
        return (applied.Number, applied.Outcome);
    }

    private void Set(long number, string topic, string payload) =>
        _owner.Tell(new RetainedActor.Set(number, Packets.Message(topic, payload, retain: true), TestActor));
}
