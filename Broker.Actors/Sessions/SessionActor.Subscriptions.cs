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
        var state = new DurableSessionState(_services.Reader.NewSession(_clientId), _services.Limits);
        _state = state;
        _services.AddDurable(1);
        _commits.Write(new StoreWrite.Create(state.Session));
    }

    private void OnSubscribe(DurableSessionState state, SessionProtocol.Subscribe message)
    {
        var connection = _connection!;
        var reasonCodes = message.Subscriptions.Select(static subscription => subscription.ReasonCode).ToArray();
        if (!_services.IsStoreUp)
        {
            RefuseSubscribe(connection, message, reasonCodes);
            return;
        }

        var granted = Granted(state, message.Subscriptions, reasonCodes);
        if (granted.Count == 0)
        {
            connection.Tell(new ConnectionProtocol.Subscribed(message.PacketId, reasonCodes));
            return;
        }

        for (var i = 0; i < granted.Count; i++)
        {
            var write = new StoreWrite.AddRoute(state.Session, granted[i].Filter!.Text, granted[i].Options);
            _commits.Write(write, i < granted.Count - 1 ? null : () => Persist(
                state,
                new SessionEvent.Subscribed([.. granted.Select(static one => new JournaledSubscription(one.Filter!.Text, one.Options))]),
                () => Subscribed(state, connection, message, granted, reasonCodes),
                () => RefuseSubscribe(connection, message, reasonCodes)));
        }
    }

    private static void RefuseSubscribe(ConnectionRef connection, SessionProtocol.Subscribe message, ReasonCode[] reasonCodes)
    {
        Array.Fill(reasonCodes, ReasonCode.ImplementationSpecificError);
        connection.Tell(new ConnectionProtocol.Subscribed(message.PacketId, reasonCodes));
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
        DurableSessionState state,
        ConnectionRef connection,
        SessionProtocol.Subscribe message,
        List<RequestedSubscription> granted,
        ReasonCode[] reasonCodes)
    {
        var subscriber = _services.Subscribers.GetOrAdd(_clientId);
        List<RequestedSubscription>? retained = null;
        foreach (var subscription in granted)
        {
            var filter = subscription.Filter!;
            _services.Routes.Subscribe(subscriber, filter, subscription.Options);
            var isNew = state.Subscriptions.TryAdd(filter.Text, filter);
            if (RetainedRequest.IsOwed(subscription, isNew))
            {
                (retained ??= []).Add(subscription);
            }
        }

        // To the connection that asked: another one may have taken its place, and uses the packet id for something else.
        connection.Tell(new ConnectionProtocol.Subscribed(message.PacketId, reasonCodes));
        if (retained is not null)
        {
            Request(new RetainedRequest(retained, _services.Retained.Barrier()));
        }
    }

    private void OnUnsubscribe(DurableSessionState state, SessionProtocol.Unsubscribe message)
    {
        var connection = _connection!;
        var reasonCodes = new ReasonCode[message.Filters.Count];
        var ended = new List<TopicFilter>();
        for (var i = 0; i < reasonCodes.Length; i++)
        {
            reasonCodes[i] = ReasonCode.NoSubscriptionExisted;
            if (state.Subscriptions.Remove(message.Filters[i], out var filter))
            {
                reasonCodes[i] = ReasonCode.Success;
                ended.Add(filter);
            }
        }

        var answer = new ConnectionProtocol.Unsubscribed(message.PacketId, reasonCodes);
        if (ended.Count == 0)
        {
            connection.Tell(answer);
            return;
        }

        Persist(state, new SessionEvent.Unsubscribed([.. ended.Select(static filter => filter.Text)]), () =>
        {
            var subscriber = _services.Subscribers.GetOrAdd(_clientId);
            foreach (var filter in ended)
            {
                _services.Routes.Unsubscribe(subscriber, filter);
                _commits.Write(new StoreWrite.RemoveRoute(state.Session, filter.Text));
            }

            _commits.Then(() => connection.Tell(answer));
        },
        () =>
        {
            Array.Fill(reasonCodes, ReasonCode.ImplementationSpecificError);
            ended.ForEach(filter => state.Subscriptions[filter.Text] = filter);
            connection.Tell(new ConnectionProtocol.Unsubscribed(message.PacketId, reasonCodes));
        });
    }

    private void Request(RetainedRequest request)
    {
        var self = Self;
        if (_services.Retained.IsCaughtUp(request.Barrier, () => self.Tell(new RetainedDue(request))))
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

        if (unnumbered is not null)
        {
            _connection?.Tell(new ConnectionProtocol.Unnumbered(unnumbered));
        }
    }

    private void DiscardState(DurableSessionState state)
    {
        var subscriber = _services.Subscribers.GetOrAdd(_clientId);
        foreach (var filter in state.Subscriptions.Values)
        {
            _services.Routes.Unsubscribe(subscriber, filter);
        }

        _services.Subscribers.Remove(_clientId);
        _services.AddDurable(-1);
        _services.Dropped.Add(DropReason.SessionEnded, (int)Math.Min(state.Queue.Count, int.MaxValue));
        _journalWaits.Clear();
        _services.Writer.Write(new StoreWrite.Discard(state.Session), IgnoredOutcome.Instance);
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
}
