using Akka.Actor;
using Akka.TestKit.Xunit2;
using Broker.Actors.Hosting;
using Broker.Actors.Retained;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Broker.Specs.Actors.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Specs.Actors.Retained;

/// <summary>The owner of retained topics: writes become visible, and are answered, in the order of arrival.</summary>
public class RetainedActorSpecs : TestKit, IRetainedStore
{
    private readonly List<TaskCompletionSource> _saves = [];
    private readonly RetainedCopy _copy = new();
    private readonly IActorRef _owner;

    public RetainedActorSpecs()
        : base("akka.loglevel = WARNING")
    {
        var (store, copy, limits) = ((IRetainedStore)this, _copy, new LimitsOptions { MaxRetainedMessages = 2 });
        _owner = Sys.ActorOf(Props.Create(() => new RetainedActor(store, copy, limits, NullLogger<RetainedActor>.Instance)));
    }

    Task IRetainedStore.SaveAsync(Publication publication)
    {
        lock (_saves)
        {
            _saves.Add(new TaskCompletionSource());
            return _saves[^1].Task;
        }
    }

    [Fact]
    public void Saves_that_end_out_of_order_are_applied_in_order()
    {
        Set(1, "t", "first");
        Set(2, "t", "second");
        Saved(2).SetResult();
        _owner.Tell(new RetainedActor.Ping());
        ExpectMsg<RetainedActor.Pong>();
        _copy.Count.Should().Be(0);

        Saved(1).SetResult();

        ExpectMsg<RetainedActor.Applied>().Number.Should().Be(1);
        ExpectMsg<RetainedActor.Applied>().Number.Should().Be(2);
        _copy.Get("t")!.Publication.Text().Should().Be("second");
    }

    [Fact]
    public void A_save_that_fails_changes_nothing_and_is_answered_so_that_nobody_waits_for_ever()
    {
        Set(1, "t", "first");
        Set(2, "u", "second");
        Saved(1).SetException(new IOException("disk full"));
        Saved(2).SetResult();

        ExpectMsg<RetainedActor.Applied>().Should().Be(new RetainedActor.Applied(1, DeliveryOutcome.Failed));
        ExpectMsg<RetainedActor.Applied>().Should().Be(new RetainedActor.Applied(2, DeliveryOutcome.Accepted));
        _copy.Get("t").Should().BeNull();
    }

    [Fact]
    public void What_does_not_fit_is_refused_before_it_is_saved()
    {
        _copy.Apply(new RetainedMessage(Packets.Message("a"), 0));
        _copy.Apply(new RetainedMessage(Packets.Message("b"), 0));
        Set(1, "c", "x");
        ExpectMsg<RetainedActor.Applied>().Outcome.Should().Be(DeliveryOutcome.QueueFull);
        _saves.Should().BeEmpty();
    }

    private void Set(long number, string topic, string payload) =>
        _owner.Tell(new RetainedActor.Set(number, Packets.Message(topic, payload, retain: true), TestActor));

    private TaskCompletionSource Saved(int count)
    {
        AwaitCondition(() => _saves.Count >= count, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(5));
        return _saves[count - 1];
    }
}
