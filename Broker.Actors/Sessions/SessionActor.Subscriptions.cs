using Akka.Actor;
using Broker.Actors.Connections;
using Broker.Actors.Retained;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>Subscriptions of durable sessions.</summary>
internal sealed partial class SessionActor
{
    private void OnSubscribe(SessionProtocol.Subscribe message)
    {
        var state = _state!;
        var subscriber = _services.Subscribers.GetOrAdd(_clientId);
        var reasonCodes = new ReasonCode[message.Subscriptions.Count];
        List<RequestedSubscription>? retained = null;
        for (var i = 0; i < reasonCodes.Length; i++)
        {
            var subscription = message.Subscriptions[i];
            reasonCodes[i] = subscription.ReasonCode;
            if (subscription.Filter is not { } filter)
            {
                continue;
            }

            if (!state.Subscriptions.ContainsKey(filter.Text) && _services.Limits.MaxSubscriptions is > 0 and var most
                && state.Subscriptions.Count >= most)
            {
                reasonCodes[i] = ReasonCode.QuotaExceeded;
                continue;
            }

            var isNew = _services.Routes.Subscribe(subscriber, filter, subscription.Options);
            state.Subscriptions[filter.Text] = filter;
            if (RetainedRequest.IsOwed(subscription, isNew))
            {
                (retained ??= []).Add(subscription);
            }
        }

        _connection!.Tell(new ConnectionProtocol.Subscribed(message.PacketId, reasonCodes));
        if (retained is not null)
        {
            Request(new RetainedRequest(retained, _services.Retained.Barrier()));
        }
    }

    private void OnUnsubscribe(SessionProtocol.Unsubscribe message)
    {
        var state = _state!;
        var subscriber = _services.Subscribers.GetOrAdd(_clientId);
        var reasonCodes = new ReasonCode[message.Filters.Count];
        for (var i = 0; i < reasonCodes.Length; i++)
        {
            var existed = state.Subscriptions.Remove(message.Filters[i], out var filter);
            if (existed)
            {
                _services.Routes.Unsubscribe(subscriber, filter!);
            }

            reasonCodes[i] = existed ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted;
        }

        _connection!.Tell(new ConnectionProtocol.Unsubscribed(message.PacketId, reasonCodes));
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
            else if (state.IsFull(delivery.Publication))
            {
                _services.Dropped.Add(DropReason.QueueFull);
                WarnFull(state);
            }
            else
            {
                Enqueue(state, delivery, static () => { });
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
        _services.Dropped.Add(DropReason.SessionEnded, state.Queue.Count);
        Commit(new SessionWrite.Discard(_clientId), static () => { });
    }
}
