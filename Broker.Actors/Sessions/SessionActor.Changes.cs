using Broker.Actors.Connections;
using Broker.Actors.Sessions.Journal;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;
using Broker.Protocol.Topics;

namespace Broker.Actors.Sessions;

/// <summary>When a subscription is changed: in turn, and not before the events are known.</summary>
internal sealed partial class SessionActor
{
    /// <summary>
    /// Changes are made one after the other, also those of two connections: an event that came between another's row and event would leave a row too few. A
    /// session that was loaded reads its events before the first.
    /// </summary>
    private void OnChange(DurableSessionState state, SessionProtocol.FromConnection message, bool isAgain = false)
    {
        state.Changes.Enqueue(new SubscriptionChange(_connection!, message, isAgain));
        BeginChanges(state);
    }

    private void BeginChanges(DurableSessionState state)
    {
        while (!state.IsChanging && state.Changes.TryDequeue(out var change))
        {
            state.IsChanging = true;
            if (!_services.IsStoreUp)
            {
                Refuse(state, change);
            }
            else if (state.IsReconciled)
            {
                Begin(state, change);
            }
            else
            {
                ReadJournal(state, () => ReadThen(state, () => Begin(state, change)), () => ReadThen(state, () => Refuse(state, change)));
            }
        }
    }

    private void ReadThen(DurableSessionState state, Action then)
    {
        then();
        BeginChanges(state);
    }

    private void Begin(DurableSessionState state, SubscriptionChange change)
    {
        if (change.Message is SessionProtocol.Subscribe subscribe)
        {
            OnSubscribe(state, change, subscribe);
        }
        else
        {
            OnUnsubscribe(state, change, (SessionProtocol.Unsubscribe)change.Message);
        }
    }

    private void End(DurableSessionState state, SubscriptionChange change, object answer)
    {
        state.IsChanging = false;
        Tell(change.Connection, answer);
    }

    private void Refuse(DurableSessionState state, SubscriptionChange change)
    {
        switch (change.Message)
        {
            case SessionProtocol.Subscribe subscribe:
                var refused = new ReasonCode[subscribe.Subscriptions.Count];
                Array.Fill(refused, ReasonCode.ImplementationSpecificError);
                End(state, change, new ConnectionProtocol.Subscribed(subscribe.PacketId, refused));
                break;
            case SessionProtocol.Unsubscribe unsubscribe:
                var kept = new ReasonCode[unsubscribe.Filters.Count];
                Array.Fill(kept, ReasonCode.ImplementationSpecificError);
                End(state, change, new ConnectionProtocol.Unsubscribed(unsubscribe.PacketId, kept));
                break;
        }
    }

    /// <summary>
    /// The events are the truth. A row without its event is a SUBSCRIBE or UNSUBSCRIBE that nobody was told the end of; until here it was served as a
    /// subscription, which an unanswered client must expect of either.
    /// </summary>
    private void Reconcile(DurableSessionState state, IReadOnlyList<JournaledSubscription> journaled)
    {
        var mark = state.Mark;
        var stale = new Dictionary<string, HeldSubscription>(state.Subscriptions, StringComparer.Ordinal);
        var restored = 0;
        foreach (var subscription in journaled)
        {
            if (!TopicFilter.TryParse(subscription.Filter, out var filter, out _))
            {
                continue;
            }

            if (!stale.Remove(subscription.Filter, out var held) || held.Options != subscription.Options)
            {
                restored++;
                state.Subscriptions[subscription.Filter] = new HeldSubscription(filter!, subscription.Options);
                _commits.Write(new StoreWrite.AddRoute(state.Session, subscription.Filter, subscription.Options));
            }

            _services.Routes.Subscribe(mark, filter!, subscription.Options);
        }

        foreach (var (text, subscription) in stale)
        {
            state.Subscriptions.Remove(text);
            _services.Routes.Unsubscribe(mark, subscription.Filter);
            _commits.Write(new StoreWrite.RemoveRoute(state.Session, text));
        }

        // Told again: the node where the entity was may have died before all heard it (hard case 3).
        _services.Routes.Recovered(mark);
        if (restored + stale.Count > 0)
        {
            SessionLog.Reconciled(_services.Logger, _clientId, stale.Count, restored);
        }
    }
}
