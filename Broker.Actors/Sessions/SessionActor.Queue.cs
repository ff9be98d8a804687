using Akka.Actor;
using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Actors.Retained;
using Broker.Actors.Routing;
using Broker.Actors.Sessions.Journal;
using Broker.Actors.Storage;
using Broker.Actors.Tracing;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>What reaches a durable session: deliveries for its queue, packets of its client, answers of the store.</summary>
internal sealed partial class SessionActor
{
    private const int FullWarningInterval = 60_000;

    private long _nextFullWarning;

    private void OnStoreMessage(object message)
    {
        switch (message)
        {
            case PageRead page:
                OnPageRead(page);
                break;
            case PageFailed { Problem: CorruptRowException problem }:
                // Start again from the store, with the client's reconnect as the pause.
                throw new StorageException($"the queue of {_clientId} cannot be read: {problem.Message}", problem);
            case PageFailed:
                // The database is away, which the client need not notice: _isReading stays, so that nothing reads before the pause is over.
                _timers.RetryPage();
                break;
            case SessionTimers.PageRetry:
                _isReading = false;
                Pump();
                break;
            case RetainedDue due:
                QueueRetained(due.Request);
                break;
            case RoutesKnown known:
                known.Then();
                break;
            case SessionJournal.Recovered recovered:
                OnJournalRecovered(recovered);
                break;
            case SessionJournal.Written written:
                OnJournalWritten(written);
                break;
            case SessionTimers.JournalRetry:
                OnJournalRetry();
                break;
            case WillAccepted accepted:
                OnWillAccepted(accepted);
                break;
            case Terminated terminated:
                OnJournalStopped(terminated.ActorRef);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnFromConnection(SessionProtocol.FromConnection message)
    {
        if (_state is not { } state || _connection?.Number != message.ConnectionNumber)
        {
            // What it knows of itself decides whether it goes on or has to go.
            if (message is SessionProtocol.Checked || (_connection is null && _isRowOpen && _lastConnection == message.ConnectionNumber))
            {
                AskToAttach(message.ConnectionNumber);
            }

            EndIfUnused();
            return;
        }

        if (!Accepts(message))
        {
            return;
        }

        switch (message)
        {
            case SessionProtocol.Acknowledged acknowledged:
                OnAcknowledged(state, acknowledged);
                break;
            case SessionProtocol.Subscribe or SessionProtocol.Unsubscribe:
                OnChange(state, message);
                break;
            case SessionProtocol.NumberInbound number:
                OnNumberInbound(state, number);
                break;
            case SessionProtocol.InboundRouted routed:
                OnInboundRouted(state, routed.PacketId);
                break;
            case SessionProtocol.ReleaseInbound release:
                OnReleaseInbound(state, release);
                break;
            case SessionProtocol.ForgetInbound forget:
                OnForgetInbound(state, forget.PacketId);
                break;
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

        if (state.Lanes.Count > _services.Members.Others.Length + 1)
        {
            state.Lanes.Forget(IsGone);
        }

        switch (state.Lanes.Arrive(delivery.Outbox, delivery.Sequence, delivery.Previous))
        {
            case Arrival.Next:
                Take(state, delivery);
                break;
            case Arrival.Answered:
                _commits.Then(() => Answer(state, delivery, DeliveryOutcome.Accepted));
                break;
            case Arrival.OutOfSequence:
                delivery.Outbox.Tell(new SessionDelivery.OutOfSequence(_clientId, delivery.Sequence));
                break;
            case Arrival.InProgress:
                break;
        }
    }

    private bool IsGone(IActorRef outbox)
    {
        var address = outbox.Path.Address;
        return !address.HasLocalScope && !_services.Members.Others.Any(node => node.Address.Equals(address));
    }

    private void Take(DurableSessionState state, SessionDelivery delivery)
    {
        var publication = delivery.Publication;
        if (delivery.QoS == QualityOfService.ExactlyOnce && !state.Received.TryAdd(publication.Id, publication.LowestUnreleased))
        {
            // It was taken before; its own commit, if it is still under way, is before this answer.
            _commits.Then(() => Answer(state, delivery, DeliveryOutcome.Accepted));
            return;
        }

        if (!MakeRoom(state, publication))
        {
            state.Received.Remove(publication.Id);
            _commits.Then(() => Answer(state, delivery, DeliveryOutcome.QueueFull));
            return;
        }

        Enqueue(
            state,
            new Delivery(publication, delivery.QoS, delivery.Retain, delivery.SubscriptionIdentifiers),
            delivery.IsShared,
            () => Answer(state, delivery, DeliveryOutcome.Accepted));
    }

    private void Answer(DurableSessionState state, SessionDelivery delivery, DeliveryOutcome outcome)
    {
        state.Lanes.Answer(delivery.Outbox, delivery.Sequence);
        delivery.Outbox.Tell(new SessionDelivery.Taken(_clientId, delivery.Sequence, outcome));
    }

    /// <summary>False: the message is refused, counted and logged (promise 2: what is queued stays unless the operator chose otherwise).</summary>
    private bool MakeRoom(DurableSessionState state, Publication publication)
    {
        if (!state.IsFull(publication))
        {
            return true;
        }

        WarnFull(state);
        var limit = _services.Limits;
        if (limit.QueueFull == QueueFullPolicy.DropOldest && (limit.MaxQueuedBytes == 0 || publication.Size <= limit.MaxQueuedBytes))
        {
            var (dropped, upTo) = (0L, 0L);
            while (state.Queue.Count > 0 && state.IsFull(publication))
            {
                (dropped, upTo) = (dropped + 1, state.Queue.DropOldest());
            }

            if (dropped > 0)
            {
                Drop(DropReason.QueueFull, topic: null, dropped);
                _commits.Write(new StoreWrite.Read(state.Session, upTo, 0, QualityOfService.AtLeastOnce));
            }

            if (!state.IsFull(publication))
            {
                return true;
            }
        }

        Drop(DropReason.QueueFull, publication.Topic);
        return false;
    }

    private void Enqueue(DurableSessionState state, Delivery delivery, bool isShared, Action? then)
    {
        if (_services.Traces.IsOn)
        {
            Trace(TraceEvents.Queued, delivery.Publication.Topic, _isBound ? "in the session's queue, until it is committed and sent" : "in the session's queue: its client is away");
        }

        var message = new QueuedMessage(state.BeginEnqueue(delivery.Publication), delivery);
        _commits.Write(
            new StoreWrite.Enqueue(
                state.Session, message.Position, delivery.Publication, delivery.QoS, delivery.Retain, delivery.SubscriptionIdentifiers, isShared),
            () =>
            {
                state.EndEnqueue(message, _isBound);
                then?.Invoke();
                Pump();
            });
    }

    private void WarnFull(DurableSessionState state)
    {
        if (Now >= _nextFullWarning)
        {
            _nextFullWarning = Now + FullWarningInterval;
            SessionLog.QueueFull(_services.Logger, _clientId, state.Queue.Count, state.Queue.Bytes);
        }
    }

    private sealed record RetainedDue(RetainedRequest Request);
}
