using Broker.Actors.Connections;
using Broker.Actors.Sessions;
using Broker.Actors.Sessions.Journal;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Sessions;

/// <summary>Subscriptions of durable sessions: the route's row, the event, the route, in this order, and the answer last.</summary>
public class DurableSubscriptionSpecs : SessionSpecsBase
{
    [Fact]
    public void SUBACK_follows_the_row_and_the_event()
    {
        StartConnected(1);
        Store.IsManual = true;
        Ask(1, "t");
        Settle();
        (Routes.Tree.Count, Registry.Messages.Count).Should().Be((0, 0));

        Store.Complete();

        Told<ConnectionProtocol.Subscribed>(1).ReasonCodes.Should().Equal(ReasonCode.GrantedQoS2);
        Routes.Tree.Count.Should().Be(1);
        Store.RoutesOf(ClientId).Should().Equal("t");
    }

    [Fact]
    public void UNSUBACK_follows_the_event_and_the_rows_removal()
    {
        StartConnected(1);
        Subscribe(1, Given.Subscription("t"));
        Entity.Tell(new SessionProtocol.Unsubscribe(ClientId, 1, 2, ["t", "u"]), Akka.Actor.ActorRefs.NoSender);
        Told<ConnectionProtocol.Unsubscribed>(1).ReasonCodes.Should().Equal(ReasonCode.Success, ReasonCode.NoSubscriptionExisted);
        Routes.Tree.Count.Should().Be(0);
        Store.RoutesOf(ClientId).Should().BeEmpty();
    }

    [Fact]
    public void The_answer_goes_to_the_connection_that_asked_and_to_no_later_one()
    {
        StartConnected(1);
        Store.IsManual = true;
        Ask(1, "t");
        Connect(2);
        Told<ConnectionProtocol.Disconnect>(1);
        Close(1);
        Store.IsManual = false;
        Store.Complete();

        var told = new List<ConnectionRegistry.ToConnection>();
        AwaitCondition(
            () =>
            {
                while (Registry.Messages.TryDequeue(out var message))
                {
                    told.Add((ConnectionRegistry.ToConnection)message);
                }

                return told.Count == 2;
            },
            Deadline,
            Poll);
        told.Single(one => one.Command is ConnectionProtocol.Subscribed).Number.Should().Be(1);
        told.Single(one => one.Command is ConnectionProtocol.SessionBound).Number.Should().Be(2);
    }

    [Fact]
    public void A_session_that_ends_while_its_route_is_being_written_leaves_no_route()
    {
        StartConnected(1);
        Store.IsManual = true;
        Ask(1, "t");
        Connect(2, clean: true);
        Told<ConnectionProtocol.Disconnect>(1);
        Close(1);
        Store.IsManual = false;
        Store.Complete();
        Bound(2).SessionPresent.Should().BeFalse();
        Settle();

        Routes.Tree.Count.Should().Be(0);
        Store.RoutesOf(ClientId).Should().BeEmpty();
        NothingIsTold();
    }

    [Fact]
    public void A_journal_that_fails_for_a_while_is_opened_again()
    {
        StartConnected(1);
        Journal.WritesFail = true;
        Ask(1, "t");
        PassUntil(() => Journal.FailedWrites == 2);
        Journal.WritesFail = false;
        PassUntil(() => !Registry.Messages.IsEmpty);

        Told<ConnectionProtocol.Subscribed>(1).ReasonCodes.Should().Equal(ReasonCode.GrantedQoS2);
        Routes.Tree.Count.Should().Be(1);
        NothingIsTold();
    }

    [Fact]
    public void A_journal_that_goes_on_failing_refuses_the_subscription_and_not_the_session()
    {
        StartConnected(1);
        Journal.WritesFail = true;
        Ask(1, "t");
        PassUntil(() => !Registry.Messages.IsEmpty);
        Told<ConnectionProtocol.Subscribed>(1).ReasonCodes.Should().Equal(ReasonCode.ImplementationSpecificError);
        Routes.Tree.Count.Should().Be(0);

        Journal.WritesFail = false;
        Subscribe(1, Given.Subscription("u")).Should().Equal(ReasonCode.GrantedQoS2);
        Deliver(1, "goes on");
        Settle();
        Deliveries().Should().ContainSingle();
    }

    [Fact]
    public void The_events_of_a_session_whose_journal_has_failed_are_erased_all_the_same()
    {
        StartConnected(1);
        Subscribe(1, Given.Subscription("t"));
        Journal.WritesFail = true;
        Ask(1, "u");
        PassUntil(() => !Registry.Messages.IsEmpty);
        Close(1, expiry: 0);
        AwaitCondition(() => !Erasers.Messages.IsEmpty, Deadline, Poll);
        Erasers.Next<JournalErasers.Erase>();
    }

    [Fact]
    public void SUBSCRIBE_is_refused_once_the_database_has_been_away_for_longer_than_patience()
    {
        StartConnected(1);
        Store.GoAway("connection refused");
        Pass(TimeSpan.FromSeconds(10));
        Subscribe(1, Given.Subscription("t")).Should().Equal(ReasonCode.ImplementationSpecificError);
        Store.Writes.OfType<StoreWrite.AddRoute>().Should().BeEmpty();
    }

    private void Ask(long connection, string filter) =>
        Entity.Tell(new SessionProtocol.Subscribe(ClientId, connection, 1, [Given.Subscription(filter)]), Akka.Actor.ActorRefs.NoSender);

    /// <summary>The journal runs on threads of its own, and its pauses by virtual time.</summary>
    private void PassUntil(Func<bool> condition) => AwaitCondition(
        () =>
        {
            if (condition())
            {
                return true;
            }

            Pass(TimeSpan.FromMilliseconds(200));
            return false;
        },
        Deadline,
        Poll);
}
