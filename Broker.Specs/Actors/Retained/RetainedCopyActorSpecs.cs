using Akka.Actor;
using Akka.Cluster;
using Akka.TestKit.Xunit2;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Hosting;
using Broker.Actors.Retained;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Broker.Specs.Actors.Connections;
using Broker.Specs.Actors.Sessions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Retained;

/// <summary>This node's copy behind an owner on another node: in order, without gaps.</summary>
public class RetainedCopyActorSpecs : TestKit
{
    private const int Partition = 5;
    private const int Self = 1;
    private const int Owner = 2;

    private readonly FakeStore _store = new(new FakeTimeProvider());
    private readonly RetainedCopy _copy = new();
    private readonly RetainedGateway _gateway = new(Self, TimeProvider.System);
    private readonly IActorRef _actor;

    public RetainedCopyActorSpecs()
        : base("akka.loglevel = WARNING")
    {
        var address = ((ExtendedActorSystem)Sys).Provider.DefaultAddress;
        var services = new RetainedServices
        {
            Copy = _copy,
            Writer = _store,
            Reader = _store,
            Members = new ClusterMembers(new UniqueAddress(address, Self)),
            CurrentLimits = new CurrentLimits(new LimitsOptions()),
            Logger = NullLogger<RetainedActor>.Instance,
        };
        _actor = Sys.ActorOf(Props.Create(() => new RetainedCopyActor(services, _gateway)));
    }

    [Fact]
    public void Changes_are_applied_in_their_order_and_confirmed_with_what_the_copy_has()
    {
        Tell(1, "a");
        Passed().Should().Be(1);
        Tell(2, "b");
        Passed().Should().Be(2);
        Tell(1, "a");
        Passed().Should().Be(2, "a repeated one changes nothing");
        _copy.Get("t")!.Should().Match<RetainedMessage>(message => message.Publication.Text() == "b" && message.Origin == Owner && message.WriteNumber == 20);
    }

    [Fact]
    public void What_was_missed_is_read_from_the_database()
    {
        Tell(1, "a");
        Passed();
        Save(2, "u", "missed");
        Save(4, "t", "last");
        Tell(4, "last");

        Passed().Should().Be(4, "version 3 was never committed, or is a tombstone that has gone");
        (_copy.Get("u")!.Publication.Text(), _copy.Get("t")!.Publication.Text()).Should().Be(("missed", "last"));
    }

    [Fact]
    public void A_new_owner_says_how_far_the_partition_is_and_the_copy_catches_up()
    {
        Save(7, "t", "told nobody");
        _actor.Tell(new RetainedProtocol.Change(Partition, 7, 0, 0, null, TestActor));
        Passed().Should().Be(7);
        _copy.Get("t")!.Publication.Text().Should().Be("told nobody");
    }

    [Fact]
    public void A_removal_that_was_missed_removes_here_too()
    {
        Tell(1, "a");
        Passed();
        Save(2, "u", "x");
        Save(3, "t", "");
        Tell(3, "");
        Passed().Should().Be(3);
        _copy.Get("t").Should().BeNull();
    }

    [Fact]
    public void Another_node_is_answered_once_all_copies_have_what_was_published_here_before()
    {
        var number = _gateway.Begin(Packets.Message("t"));
        _actor.Tell(new RetainedProtocol.WhenApplied(number, 17, TestActor));
        _actor.Tell(new RetainedProtocol.WhenApplied(number - 1, 18, TestActor));
        ExpectMsg<RetainedProtocol.AllApplied>().Question.Should().Be(18);
        _gateway.Complete(number, DeliveryOutcome.Accepted);
        ExpectMsg<RetainedProtocol.AllApplied>().Question.Should().Be(17);
    }

    [Fact]
    public void A_live_message_of_another_node_is_on_its_way_until_the_copy_has_it()
    {
        var barriers = _gateway.Barriers();
        barriers.Add(Owner, 15, isReached: true);
        _gateway.Remote.Announce("t", Owner, 20);
        _gateway.IsBeingWritten("t", barriers).Should().BeTrue("the copy's value is older than what the subscriber has");
        var later = _gateway.Barriers();
        later.Add(Owner, 20, isReached: false);
        _gateway.IsBeingWritten("t", later).Should().BeFalse("it was matched before the routes were known, so nobody has it live");
        Tell(1, "x", number: 20);
        Passed();
        _gateway.IsBeingWritten("t", barriers).Should().BeFalse();
    }

    private void Tell(long version, string payload, long? number = null) =>
        _actor.Tell(new RetainedProtocol.Change(
            Partition, version, Owner, number ?? version * 10, Packets.Message("t", payload, retain: true), TestActor));

    private long Passed()
    {
        var passed = ExpectMsg<RetainedProtocol.Passed>();
        (passed.Partition, passed.Node).Should().Be((Partition, Self));
        return passed.Version;
    }

    private void Save(long version, string topic, string payload)
    {
        _store.Write(new StoreWrite.SaveRetained(Partition, version, Packets.Message(topic, payload, retain: true)), new StoreCommits(TestActor, _store));
        ExpectMsg<StoreCommits.Due>();
    }
}
