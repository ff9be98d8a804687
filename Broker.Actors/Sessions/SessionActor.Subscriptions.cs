using Akka.Actor;
using Broker.Actors.Connections;
using Broker.Actors.Retained;
using Broker.Actors.Routing;
using Broker.Actors.Sessions.Journal;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;
using Broker.Protocol.Topics;

namespace Broker.Actors.Sessions;

/// <summary>
/// Subscriptions of durable sessions: the route's row before the event, the event before the route that publishes are matched against, and the other way
/// round to end one, so that what is stored is always a superset.
/// </summary>
internal sealed partial class SessionActor
{
    private void Begin()
    {
        var state = new DurableSessionState(_services.Reader.NewSession(_clientId), _services.CurrentLimits) { IsReconciled = true };
        _state = state;
        _services.AddDurable(1);
        _commits.Write(new StoreWrite.Create(state.Session));
    }

    private void OnSubscribe(DurableSessionState state, SubscriptionChange change, SessionProtocol.Subscribe message)
    {
        var reasonCodes = message.Subscriptions.Select(static subscription => subscription.ReasonCode).ToArray();
        var granted = Granted(state, message.Subscriptions, reasonCodes);
        if (granted.Count == 0)
        {
            End(state, change, new ConnectionProtocol.Subscribed(message.PacketId, reasonCodes));
            return;
        }

        for (var i = 0; i < granted.Count; i++)
        {
            var write = new StoreWrite.AddRoute(state.Session, granted[i].Filter!.Text, granted[i].Options);
            _commits.Write(write, i < granted.Count - 1 ? null : () => Persist(
                state,
                new SessionEvent.Subscribed([.. granted.Select(static one => new JournaledSubscription(one.Filter!.Text, one.Options))]),
                () => Subscribed(state, change, granted, new ConnectionProtocol.Subscribed(message.PacketId, reasonCodes)),
                () => TakeBack(state, change, granted)));
        }
    }

    /// <summary>The client is told that it has not subscribed: neither does it after the next start, which reads the rows.</summary>
    private void TakeBack(DurableSessionState state, SubscriptionChange change, List<RequestedSubscription> granted)
    {
        foreach (var subscription in granted)
        {
            var filter = subscription.Filter!.Text;
            _commits.Write(state.Subscriptions.TryGetValue(filter, out var before)
                ? new StoreWrite.AddRoute(state.Session, filter, before.Options)
                : new StoreWrite.RemoveRoute(state.Session, filter));
        }

        Refuse(state, change);
        BeginChanges(state);
    }

    private List<RequestedSubscription> Granted(
        DurableSessionState state, IReadOnlyList<RequestedSubscription> requested, ReasonCode[] reasonCodes)
    {
        var granted = new List<RequestedSubscription>(requested.Count);
        var most = _services.Limits.MaxSubscriptions == 0 ? int.MaxValue : _services.Limits.MaxSubscriptions;
        var count = state.Subscriptions.Count;
        for (var i = 0; i < reasonCodes.Length; i++)
        {
            if (requested[i].Filter is not { } filter)
            {
                continue;
            }

            if (!state.Subscriptions.ContainsKey(filter.Text) && ++count > most)
            {
                reasonCodes[i] = ReasonCode.QuotaExceeded;
                continue;
            }

            granted.Add(requested[i]);
        }

        return granted;
    }

    private void Subscribed(
        DurableSessionState state, SubscriptionChange change, List<RequestedSubscription> granted, ConnectionProtocol.Subscribed answer)
    {
        List<RequestedSubscription>? retained = null;
        foreach (var subscription in granted)
        {
            var filter = subscription.Filter!;
            _services.Routes.Subscribe(state.Mark, filter, subscription.Options);
            var isNew = !state.Subscriptions.ContainsKey(filter.Text);
            state.Subscriptions[filter.Text] = new HeldSubscription(filter, subscription.Options);
            if (RetainedRequest.IsOwed(subscription, isNew))
            {
                (retained ??= []).Add(subscription);
            }
        }

        var request = retained is null ? null : new RetainedRequest(retained, _services.Retained.Barriers());
        WhenRoutesAreKnown(() =>
        {
            End(state, change, answer);
            if (request is not null)
            {
                _services.Retained.AddOthers(request.Barriers, _services.Routes);
                Request(request);
            }

            BeginChanges(state);
        });
    }

    /// <summary>Goes on in this actor once every member routes by what was told last (hard case 3).</summary>
    private void WhenRoutesAreKnown(Action then)
    {
        var self = Self;
        var routes = _services.Routes;
        if (!routes.HasPeers || routes.IsKnownEverywhere(routes.Barrier(), () => self.Tell(new RoutesKnown(then), ActorRefs.NoSender)))
        {
            then();
        }
    }

    private void OnUnsubscribe(DurableSessionState state, SubscriptionChange change, SessionProtocol.Unsubscribe message)
    {
        var reasonCodes = new ReasonCode[message.Filters.Count];
        var ended = new List<HeldSubscription>();
        for (var i = 0; i < reasonCodes.Length; i++)
        {
            // Asked again because the answer got lost: it may have existed until then.
            reasonCodes[i] = change.IsAgain ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted;
            if (state.Subscriptions.Remove(message.Filters[i], out var subscription))
            {
                reasonCodes[i] = ReasonCode.Success;
                ended.Add(subscription);
            }
        }

        var answer = new ConnectionProtocol.Unsubscribed(message.PacketId, reasonCodes);
        if (ended.Count == 0)
        {
            End(state, change, answer);
            return;
        }

        Persist(
            state,
            new SessionEvent.Unsubscribed([.. ended.Select(static one => one.Filter.Text)]),
            () => Unsubscribed(state, change, ended, answer),
            () =>
            {
                ended.ForEach(one => state.Subscriptions[one.Filter.Text] = one);
                Refuse(state, change);
                BeginChanges(state);
            });
    }

    private void Unsubscribed(
        DurableSessionState state, SubscriptionChange change, List<HeldSubscription> ended, ConnectionProtocol.Unsubscribed answer)
    {
        var mark = state.Mark;
        foreach (var subscription in ended)
        {
            _commits.Write(new StoreWrite.RemoveRoute(state.Session, subscription.Filter.Text));
        }

        // Told behind the commit: a node that reads the table meanwhile either finds no row or hears this.
        _commits.Then(() =>
        {
            ended.ForEach(subscription => _services.Routes.Unsubscribe(mark, subscription.Filter));
            WhenRoutesAreKnown(() =>
            {
                End(state, change, answer);
                BeginChanges(state);
            });
        });
    }

    private void Request(RetainedRequest request)
    {
        var self = Self;
        if (_services.Retained.IsCaughtUp(request.Barriers, () => self.Tell(new RetainedDue(request))))
        {
            QueueRetained(request);
        }
    }

    private void QueueRetained(RetainedRequest request)
    {
        if (_state is not { } state)
        {
            return;
        }

        List<Delivery>? unnumbered = null;
        foreach (var delivery in request.Read(_services.RetainedCopy, _services.Retained, _services.Access, Now))
        {
            if (delivery.QoS == QualityOfService.AtMostOnce)
            {
                (unnumbered ??= []).Add(delivery);
            }
            else if (MakeRoom(state, delivery.Publication))
            {
                Enqueue(state, delivery, isShared: false, then: null);
            }
        }

        if (unnumbered is not null && _isBound)
        {
            Tell(_connection!, new ConnectionProtocol.Unnumbered(unnumbered));
        }
    }

    private void DiscardState(DurableSessionState state)
    {
        _services.Routes.End(_clientId, state.Session.Key, state.Subscriptions.Values.Select(static subscription => subscription.Filter));
        _services.AddDurable(-1);
        Drop(DropReason.SessionEnded, topic: null, state.Queue.Count);
        _journalWait = null;
        _services.Writer.Write(new StoreWrite.Discard(state.Session), IgnoredOutcome.Instance);
        _hasUnseenWrites = true;
        if (state.Journal is { } journal)
        {
            // Erased by OnJournalStopped: not before its last event has been written.
            _discarded.Add(journal, state.Session.Key);
            Context.Stop(journal);
        }
        else if (state.HasJournal)
        {
            _services.JournalErasers.Tell(new JournalErasers.Erase(state.Session.Key));
        }
    }

    private sealed record RoutesKnown(Action Then);
}
