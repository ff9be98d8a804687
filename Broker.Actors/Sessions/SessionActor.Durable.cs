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

    /// <summary>Runs <paramref name="then"/> behind all writes that are being committed.</summary>
    private void AfterCommits(Action then)
    {
        if (_committing.Count == 0)
        {
            then();
        }
        else
        {
            _committing.Enqueue((Task.CompletedTask, then));
        }
    }

    private void DrainCommits()
    {
        while (_committing.TryPeek(out var head) && head.Commit.IsCompleted)
        {
            if (!head.Commit.IsCompletedSuccessfully)
            {
                OnNotCommitted(head.Commit.Exception?.GetBaseException().Message ?? "the write was cancelled");
                return;
            }

            _committing.Dequeue();
            head.Then();
        }
    }

    /// <summary>
    /// Memory and store differ now: this entity ends without another answer, and the next one begins with what is stored. The client connects again,
    /// and everyone who waits for an answer sends again.
    /// </summary>
    private void OnNotCommitted(string problem)
    {
        SessionLog.NotCommitted(_services.Logger, _clientId, problem);
        _committing.Clear();
        _connection?.Tell(new ConnectionProtocol.Disconnect(ReasonCode.UnspecifiedError, "the session could not be stored"));
        _waiting?.Connection.Tell(new ConnectionProtocol.SessionRefused(ReasonCode.ServerUnavailable, "the session could not be stored"));
        if (_state is not null)
        {
            _services.AddDurable(-1);
        }

        Passivate();
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
                AfterCommits(() => Answer(state, delivery, DeliveryOutcome.Accepted));
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
            // The first one may be uncommitted still, and an answer stands for all deliveries before it.
            AfterCommits(() => Answer(state, delivery, DeliveryOutcome.Accepted));
            return;
        }

        if (state.IsFull(publication))
        {
            state.Received.Remove(publication.Id);
            _services.Dropped.Add(DropReason.QueueFull);
            WarnFull(state);
            AfterCommits(() => Answer(state, delivery, DeliveryOutcome.QueueFull));
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
        state.Committing.Add(delivery.Publication);
        Commit(
            new SessionWrite.Enqueue(
                _clientId, message.Position, delivery.Publication, delivery.QoS, delivery.Retain, delivery.SubscriptionIdentifiers),
            () =>
            {
                state.Committing.Remove(delivery.Publication);
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

    private void Remove(QueuedMessage message) => Commit(new SessionWrite.Remove(_clientId, message.Position), static () => { });

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
