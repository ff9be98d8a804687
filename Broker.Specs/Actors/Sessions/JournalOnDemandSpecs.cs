using Akka.Actor;
using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Actors.Sessions.Journal;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Sessions;

/// <summary>A loaded session has its subscriptions from their rows; its events are read when one of them changes, and are the truth from then on.</summary>
public class JournalOnDemandSpecs : SessionSpecsBase
{
    private static readonly SubscriptionOptions Full = new(QualityOfService.ExactlyOnce, NoLocal: true, RetainAsPublished: true, SubscriptionIdentifier: 7);

    private static readonly SubscriptionOptions Plain = new(QualityOfService.AtLeastOnce);

    [Fact]
    public void A_session_is_loaded_with_all_options_of_its_subscriptions_and_without_its_journal()
    {
        StartConnected(1);
        Subscribe(1, Requested("own/+", Full), Requested("$share/g/shared", Plain with { SubscriptionIdentifier = 9 }));
        Restart();
        Connect(2);

        Bound(2).SessionPresent.Should().BeTrue();
        var own = Routes.Tree.Match("own/1").Recipients.Should().ContainSingle().Which;
        (own.QoS, own.RetainAsPublished, own.ForOwnMessages).Should().Be((QualityOfService.ExactlyOnce, true, null));
        own.SubscriptionIdentifiers.Should().Equal(7);
        var group = Routes.Tree.Match("shared").Groups.Should().ContainSingle().Which;
        group.TryPick(out var member).Should().BeTrue();
        (group.ShareName, member!.QoS).Should().Be(("g", QualityOfService.AtLeastOnce));
        member.SubscriptionIdentifiers.Should().Equal(9);
        Journal.Reads.Should().Be(0);
    }

    [Fact]
    public void Subscriptions_change_after_loading_as_before()
    {
        StartConnected(1);
        Subscribe(1, Requested("a", Plain), Requested("b", Plain));
        Restart();
        Connect(2);
        Bound(2);
        Subscribe(2, Requested("c", Full)).Should().Equal(ReasonCode.GrantedQoS2);
        Unsubscribe(2, "a", "never there").Should().Equal(ReasonCode.Success, ReasonCode.NoSubscriptionExisted);
        Store.Writes.Clear();
        Restart();
        Connect(3);
        Bound(3);

        Unsubscribe(3, "never there").Should().Equal(ReasonCode.NoSubscriptionExisted);

        Routed("a", "b", "c").Should().Equal("b", "c");
        Store.RoutesOf(ClientId).Should().BeEquivalentTo("b", "c");
        Store.Writes.Should().NotContain(write => write is StoreWrite.AddRoute || write is StoreWrite.RemoveRoute, "rows and events agree");
    }

    [Fact]
    public void A_SUBSCRIBE_that_a_crash_cut_off_behind_its_row_is_served_until_the_events_are_read()
    {
        StartConnected(1);
        Subscribe(1, Requested("kept", Plain));
        WriteAlone(session => new StoreWrite.AddRoute(session, "row", Full));
        WriteAlone(session => new StoreWrite.AddRoute(session, "kept", Full));
        Restart();
        Connect(2);
        Bound(2);
        Routed("kept", "row").Should().Equal("kept", "row");

        Subscribe(2, Requested("more", Plain));

        Routed("kept", "row", "more").Should().Equal("kept", "more");
        Routes.Tree.Match("kept").Recipients.Should().ContainSingle().Which.QoS.Should().Be(Plain.QoS, "the event of its new options is not there");
        Store.RoutesOf(ClientId).Should().BeEquivalentTo("kept", "more");
    }

    [Fact]
    public void A_SUBSCRIBE_that_is_made_again_after_that_crash_stands()
    {
        StartConnected(1);
        WriteAlone(session => new StoreWrite.AddRoute(session, "row", Plain));
        Restart();
        Connect(2);
        Bound(2);
        Subscribe(2, Requested("row", Full)).Should().Equal(ReasonCode.GrantedQoS2);
        Restart();
        Routed("row").Should().Equal("row");
    }

    [Fact]
    public void An_UNSUBSCRIBE_that_a_crash_cut_off_behind_its_event_is_completed_when_the_events_are_read()
    {
        StartConnected(1);
        Subscribe(1, Requested("t", Plain));
        Unsubscribe(1, "t");
        WriteAlone(session => new StoreWrite.AddRoute(session, "t", Plain));
        Restart();
        Connect(2);
        Bound(2);
        Routed("t").Should().Equal("t");

        Unsubscribe(2, "t").Should().Equal(ReasonCode.NoSubscriptionExisted);

        Routed("t").Should().BeEmpty();
        Store.RoutesOf(ClientId).Should().BeEmpty();
    }

    [Fact]
    public void An_event_without_its_row_gets_the_row_back()
    {
        StartConnected(1);
        Subscribe(1, Requested("t", Full));
        WriteAlone(session => new StoreWrite.RemoveRoute(session, "t"));
        Restart();
        Connect(2);
        Bound(2);
        Subscribe(2, Requested("more", Plain));
        Routed("t", "more").Should().Equal("t", "more");
        Store.RoutesOf(ClientId).Should().BeEquivalentTo("t", "more");
    }

    [Fact]
    public void A_SUBSCRIBE_that_is_refused_leaves_the_rows_as_they_were()
    {
        StartConnected(1);
        Subscribe(1, Requested("before", Plain));
        Journal.WritesFail = true;
        Entity.Tell(new SessionProtocol.Subscribe(ClientId, 1, 2, [Requested("before", Full), Requested("new", Full)]), ActorRefs.NoSender);
        PassUntilAnswered();
        Told<ConnectionProtocol.Subscribed>(1).ReasonCodes.Should().AllBeEquivalentTo(ReasonCode.ImplementationSpecificError);
        Restart();
        Routed("before", "new").Should().Equal("before");
        Routes.Tree.Match("before").Recipients.Should().ContainSingle().Which.QoS.Should().Be(Plain.QoS);
    }

    [Fact]
    public void A_journal_that_cannot_be_read_refuses_changes_and_nothing_else_until_it_can()
    {
        StartConnected(1);
        Subscribe(1, Requested("t", Plain));
        Restart();
        Journal.ReadsFail = true;
        Connect(2);
        Bound(2).SessionPresent.Should().BeTrue();
        Entity.Tell(new SessionProtocol.Subscribe(ClientId, 2, 2, [Requested("u", Plain)]), ActorRefs.NoSender);
        Entity.Tell(new SessionProtocol.Unsubscribe(ClientId, 2, 3, ["t"]), ActorRefs.NoSender);
        PassUntilAnswered();
        Told<ConnectionProtocol.Subscribed>(2).ReasonCodes.Should().Equal(ReasonCode.ImplementationSpecificError);
        PassUntilAnswered();
        Told<ConnectionProtocol.Unsubscribed>(2).ReasonCodes.Should().Equal(ReasonCode.ImplementationSpecificError);
        Routed("t", "u").Should().Equal("t");
        Deliver(1, "goes on");
        Settle();
        Deliveries().Should().ContainSingle();

        Journal.ReadsFail = false;
        Subscribe(2, Requested("u", Plain)).Should().Equal(ReasonCode.GrantedQoS1);
        Routed("t", "u").Should().Equal("t", "u");
    }

    [Fact]
    public void The_end_of_a_session_erases_a_journal_that_was_never_read()
    {
        StartConnected(1);
        Subscribe(1, Requested("t", Plain));
        var key = Store.Writes.OfType<StoreWrite.Create>().Single().Session.Key;
        Restart();
        Connect(2);
        Bound(2);
        Close(2, expiry: 0);

        AwaitCondition(() => !Erasers.Messages.IsEmpty, Deadline, Poll);
        Erasers.Next<JournalErasers.Erase>().SessionKey.Should().Be(key);
        Routes.Tree.Count.Should().Be(0);
        Journal.Reads.Should().Be(0);
    }

    [Fact]
    public void A_session_that_begins_anew_has_nothing_of_a_journal_that_is_still_being_read()
    {
        StartConnected(1);
        Subscribe(1, Requested("old", Plain));
        Restart();
        Connect(2);
        Bound(2);
        Entity.Tell(new SessionProtocol.Subscribe(ClientId, 2, 2, [Requested("more", Plain)]), ActorRefs.NoSender);
        Close(2, expiry: 0);
        Connect(3, clean: true);
        AwaitCondition(() => Registry.Messages.Any(message => message is ConnectionRegistry.ToConnection { Number: 3 }), Deadline, Poll);
        Registry.Messages.Clear();

        Subscribe(3, Requested("new", Plain));

        Routed("old", "more", "new").Should().Equal("new");
        Store.RoutesOf(ClientId).Should().Equal("new");
    }

    [Fact]
    public void Changes_of_one_filter_are_made_in_their_order()
    {
        StartConnected(1);
        Subscribe(1, Requested("t", Plain));

        Entity.Tell(new SessionProtocol.Unsubscribe(ClientId, 1, 2, ["t"]), ActorRefs.NoSender);
        Entity.Tell(new SessionProtocol.Subscribe(ClientId, 1, 3, [Requested("t", Full)]), ActorRefs.NoSender);

        Told<ConnectionProtocol.Unsubscribed>(1).ReasonCodes.Should().Equal(ReasonCode.Success);
        Told<ConnectionProtocol.Subscribed>(1).ReasonCodes.Should().Equal(ReasonCode.GrantedQoS2);
        Store.RoutesOf(ClientId).Should().Equal("t");
        Routed("t").Should().Equal("t");
    }

    private static RequestedSubscription Requested(string filter, SubscriptionOptions options) =>
        new(Routing.Filters.Of(filter), options, RetainHandling.DoNotSend, (ReasonCode)options.QoS);

    private IReadOnlyList<ReasonCode> Unsubscribe(long connection, params string[] filters)
    {
        Entity.Tell(new SessionProtocol.Unsubscribe(ClientId, connection, 1, filters), ActorRefs.NoSender);
        return Told<ConnectionProtocol.Unsubscribed>(connection).ReasonCodes;
    }

    /// <summary>Those of the topics that this session's node routes to it.</summary>
    private IEnumerable<string> Routed(params string[] topics) => topics.Where(topic => !Routes.Tree.Match(topic).IsEmpty);

    /// <summary>A row as a crash leaves it, without what belongs to it.</summary>
    private void WriteAlone(Func<SessionHandle, StoreWrite> write) =>
        Store.Write(write(Store.Writes.OfType<StoreWrite.Create>().Last().Session), IgnoredOutcome.Instance);

    /// <summary>The journal runs on threads of its own, and its pauses by virtual time.</summary>
    private void PassUntilAnswered() => AwaitCondition(
        () =>
        {
            if (!Registry.Messages.IsEmpty)
            {
                return true;
            }

            Pass(TimeSpan.FromMilliseconds(200));
            return false;
        },
        Deadline,
        Poll);
}
