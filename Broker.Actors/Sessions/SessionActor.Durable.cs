using Akka.Actor;
using Broker.Actors.Connections;
using Broker.Actors.Retained;
using Broker.Actors.Routing;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>Durable sessions: queue, window and handshakes, each step committed before it is answered.</summary>
internal sealed partial class SessionActor
{
    private readonly Queue<(Task Commit, Action Then)> _committing = [];
    private readonly List<QueuedMessage> _dropped = [];

    private void ReceiveDurable()
    {
        Receive<SessionDelivery>(OnDelivery);
        Receive<Committed>(_ => DrainCommits());
        Receive<RetainedDue>(due => QueueRetained(due.Request));
        Receive<SessionProtocol.Acknowledged>(message => IfCurrent(message.ConnectionNumber, () => OnAcknowledged(message)));
        Receive<SessionProtocol.Subscribe>(message => IfCurrent(message.ConnectionNumber, () => OnSubscribe(message)));
        Receive<SessionProtocol.Unsubscribe>(message => IfCurrent(message.ConnectionNumber, () => OnUnsubscribe(message)));
        Receive<SessionProtocol.NumberInbound>(message => IfCurrent(message.ConnectionNumber, () => OnNumberInbound(message)));
        Receive<SessionProtocol.InboundRouted>(message => OnInboundRouted(message.PacketId));
        Receive<SessionProtocol.ForgetInbound>(message => IfCurrent(message.ConnectionNumber, () => OnForgetInbound(message.PacketId)));
        Receive<SessionProtocol.ReleaseInbound>(message => IfCurrent(message.ConnectionNumber, () => OnReleaseInbound(message)));
    }

    /// <summary>Packets of an older connection are ignored (hard case 9).</summary>
    private void IfCurrent(long connectionNumber, Action action)
    {
        if (_state is not null && _connection?.Number == connectionNumber)
        {
            action();
        }
    }

    /// <summary>Runs <paramref name="then"/> once the write is committed, in the order of the writes.</summary>
    private void Commit(SessionWrite write, Action then)
    {
        var commit = _services.Store.WriteAsync(write);
        if (commit.IsCompletedSuccessfully && _committing.Count == 0)
        {
            then();
            return;
        }

        _committing.Enqueue((commit, then));
        commit.ContinueWith(static (_, self) => ((IActorRef)self!).Tell(Committed.Instance), Self, TaskScheduler.Default);
    }

    private void DrainCommits()
    {
        while (_committing.TryPeek(out var head) && head.Commit.IsCompleted)
        {
            _committing.Dequeue();
            head.Commit.GetAwaiter().GetResult();
            head.Then();
        }
    }

    private void OnDelivery(SessionDelivery delivery)
    {
        if (_state is not { } state)
        {
            delivery.Outbox.Tell(new SessionDelivery.Taken(_clientId, delivery.Sequence, DeliveryOutcome.NoSession));
            EndIfUnused();
            return;
        }

        switch (state.Lanes.Arrive(delivery.Outbox, delivery.Sequence, delivery.Previous))
        {
            case Arrival.Next:
                Take(state, delivery);
                break;
            case Arrival.Answered:
                Answer(state, delivery, DeliveryOutcome.Accepted);
                break;
            case Arrival.OutOfSequence:
                delivery.Outbox.Tell(new SessionDelivery.OutOfSequence(_clientId, delivery.Sequence));
                break;
            case Arrival.InProgress:
                break;
        }
    }

    private void Take(DurableSessionState state, SessionDelivery delivery)
    {
        var publication = delivery.Publication;
        if (delivery.QoS == QualityOfService.ExactlyOnce && !state.Received.TryAdd(publication.Id, publication.LowestUnreleased))
        {
            Answer(state, delivery, DeliveryOutcome.Accepted);
            return;
        }

        if (state.IsFull(publication))
        {
            _services.Dropped.Add(DropReason.QueueFull);
            WarnFull(state);
            Answer(state, delivery, DeliveryOutcome.QueueFull);
            return;
        }

        Enqueue(
            state,
            new Delivery(publication, delivery.QoS, delivery.Retain, delivery.SubscriptionIdentifiers),
            () => Answer(state, delivery, DeliveryOutcome.Accepted));
    }

    private void Answer(DurableSessionState state, SessionDelivery delivery, DeliveryOutcome outcome)
    {
        state.Lanes.Answer(delivery.Outbox, delivery.Sequence);
        delivery.Outbox.Tell(new SessionDelivery.Taken(_clientId, delivery.Sequence, outcome));
    }

    private void Enqueue(DurableSessionState state, Delivery delivery, Action then)
    {
        var message = new QueuedMessage(state.NextPosition(), delivery);
        state.Committing++;
        Commit(
            new SessionWrite.Enqueue(
                _clientId, message.Position, delivery.Publication, delivery.QoS, delivery.Retain, delivery.SubscriptionIdentifiers),
            () =>
            {
                state.Committing--;
                state.Queue.Enqueue(message, delivery.Publication.Size, _dropped);
                foreach (var dropped in _dropped)
                {
                    _services.Dropped.Add(DropReason.QueueFull);
                    Remove(dropped);
                }

                _dropped.Clear();
                then();
                Pump();
            });
    }

    /// <summary>A new connection: first what it has not acknowledged, in the order of sending [MQTT-4.4.0-1], then the queue.</summary>
    private void Resume(int receiveMaximum)
    {
        var state = _state!;
        state.Inflight.ReceiveMaximum = receiveMaximum;
        foreach (var message in state.Inflight)
        {
            _connection!.Tell(
                message.State == InflightState.AwaitingPubComp
                    ? new ConnectionProtocol.Release(message.PacketId, ReasonCode.Success)
                    : new ConnectionProtocol.Deliveries([new NumberedDelivery(message.Item.Delivery, message.PacketId, Duplicate: true)]));
        }

        Pump();
    }

    private void Pump()
    {
        if (_connection is null || _state is not { } state || state.Queue.Count == 0)
        {
            return;
        }

        List<NumberedDelivery>? batch = null;
        while (state.Inflight.FreeSlots > 0 && state.Queue.TryDequeue(out var message))
        {
            if (message.Delivery.Publication.ExpiresAt != Publication.Never && message.Delivery.Publication.IsExpired(Now))
            {
                _services.Dropped.Add(DropReason.Expired);
                Remove(message);
                continue;
            }

            var packetId = state.Inflight.Add(message, message.Delivery.QoS);
            Commit(new SessionWrite.Inflight(_clientId, message.Position, packetId, Received: false), static () => { });
            (batch ??= []).Add(new NumberedDelivery(message.Delivery, packetId, Duplicate: false));
        }

        if (batch is not null)
        {
            _connection.Tell(new ConnectionProtocol.Deliveries(batch));
        }
    }

    private void OnAcknowledged(SessionProtocol.Acknowledged message)
    {
        var inflight = _state!.Inflight;
        Acknowledgement answer;
        QueuedMessage item;
        switch (message.Type)
        {
            case PacketType.PubAck:
                answer = inflight.PubAck(message.PacketId, out item);
                break;
            case PacketType.PubRec:
                answer = inflight.PubRec(message.PacketId, message.ReasonCode, out item);
                if (message.ReasonCode < ReasonCode.UnspecifiedError)
                {
                    OnReceived(message.PacketId, answer, item);
                    return;
                }

                break;
            default:
                answer = inflight.PubComp(message.PacketId, out item);
                break;
        }

        if (answer == Acknowledgement.WrongState)
        {
            RefuseAcknowledgement(message.Type, message.PacketId);
        }
        else if (answer == Acknowledgement.Accepted)
        {
            Remove(item);
            Pump();
        }
    }

    private void OnReceived(ushort packetId, Acknowledgement answer, QueuedMessage item)
    {
        var connection = _connection!;
        switch (answer)
        {
            case Acknowledgement.Accepted:
                Commit(
                    new SessionWrite.Inflight(_clientId, item.Position, packetId, Received: true),
                    () => connection.Tell(new ConnectionProtocol.Release(packetId, ReasonCode.Success)));
                break;
            case Acknowledgement.Repeated:
                connection.Tell(new ConnectionProtocol.Release(packetId, ReasonCode.Success));
                break;
            case Acknowledgement.UnknownPacketId:
                connection.Tell(new ConnectionProtocol.Release(packetId, ReasonCode.PacketIdentifierNotFound));
                break;
            case Acknowledgement.WrongState:
                RefuseAcknowledgement(PacketType.PubRec, packetId);
                break;
        }
    }

    private void RefuseAcknowledgement(PacketType type, ushort packetId) =>
        _connection!.Tell(new ConnectionProtocol.Disconnect(
            ReasonCode.ProtocolError, $"{type} for packet id {packetId}, which does not wait for it"));

    private void Remove(QueuedMessage message) => Commit(new SessionWrite.Remove(_clientId, message.Position), static () => { });

    private void OnNumberInbound(SessionProtocol.NumberInbound message)
    {
        var state = _state!;
        var connection = _connection!;
        if (state.Inbound.Count >= ushort.MaxValue && !state.Inbound.ContainsKey(message.PacketId))
        {
            connection.Tell(new ConnectionProtocol.InboundNumbered(message.PacketId, default, 0, false, ReasonCode.QuotaExceeded));
            return;
        }

        var publish = state.Number(message.PacketId, out var isNew);
        var answer = new ConnectionProtocol.InboundNumbered(message.PacketId, publish.Id, state.LowestUnreleased(), publish.IsRouted);
        if (isNew)
        {
            Commit(new SessionWrite.NumberInbound(_clientId, message.PacketId, publish.Id), () => connection.Tell(answer));
        }
        else
        {
            connection.Tell(answer);
        }
    }

    private void OnInboundRouted(ushort packetId)
    {
        if (_state is not null && _state.Inbound.TryGetValue(packetId, out var publish))
        {
            publish.IsRouted = true;
        }
    }

    private void OnForgetInbound(ushort packetId)
    {
        if (_state!.Inbound.Remove(packetId))
        {
            Commit(new SessionWrite.ReleaseInbound(_clientId, packetId), static () => { });
        }
    }

    private void OnReleaseInbound(SessionProtocol.ReleaseInbound message)
    {
        var connection = _connection!;
        var answer = new ConnectionProtocol.InboundReleased(message.PacketId, _state!.Inbound.Remove(message.PacketId));
        if (answer.WasKnown)
        {
            Commit(new SessionWrite.ReleaseInbound(_clientId, message.PacketId), () => connection.Tell(answer));
        }
        else
        {
            connection.Tell(answer);
        }
    }

    private void WarnFull(DurableSessionState state)
    {
        if (Now >= _nextFullWarning)
        {
            _nextFullWarning = Now + 60_000;
            SessionLog.QueueFull(_services.Logger, _clientId, state.Queue.Count, state.Queue.Bytes);
        }
    }

    private long _nextFullWarning;

    private sealed class Committed
    {
        public static Committed Instance { get; } = new();
    }

    private sealed record RetainedDue(RetainedRequest Request);
}
