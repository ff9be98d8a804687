using Akka.Actor;
using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Actors.Retained;
using Broker.Actors.Routing;
using Broker.Actors.Sessions.Journal;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>Messages to a durable session's client: committed to the queue, read page by page, sent within the window.</summary>
internal sealed partial class SessionActor
{
    private const int FullWarningInterval = 60_000;

    private long _nextFullWarning;
    private bool _isReading;
    private int _sendsWaiting;

    /// <summary>PUBLISH packets of an earlier connection that the Receive Maximum of this one does not allow yet.</summary>
    private readonly Queue<InflightMessage<QueuedMessage>> _resending = [];

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
            case SessionJournal.Recovered:
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
            EndIfUnused();
            return;
        }

        switch (message)
        {
            case SessionProtocol.Acknowledged acknowledged:
                OnAcknowledged(state, acknowledged);
                break;
            case SessionProtocol.Subscribe subscribe:
                OnSubscribe(state, subscribe);
                break;
            case SessionProtocol.Unsubscribe unsubscribe:
                OnUnsubscribe(state, unsubscribe);
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
            while (state.Queue.Count > 0 && state.IsFull(publication))
            {
                _services.Dropped.Add(DropReason.QueueFull);
                _commits.Write(new StoreWrite.Read(state.Session, state.Queue.DropOldest(), 0, QualityOfService.AtLeastOnce));
            }

            if (!state.IsFull(publication))
            {
                return true;
            }
        }

        _services.Dropped.Add(DropReason.QueueFull);
        return false;
    }

    private void Enqueue(DurableSessionState state, Delivery delivery, bool isShared, Action? then)
    {
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

    /// <summary>A new connection: first what it has not acknowledged, in the order of sending [MQTT-4.4.0-1], then the queue.</summary>
    private void Resume(int receiveMaximum)
    {
        var state = _state!;
        state.Inflight.ReceiveMaximum = receiveMaximum;
        _resending.Clear();
        foreach (var message in state.Inflight)
        {
            if (message.State == InflightState.AwaitingPubComp)
            {
                _connection!.Tell(new ConnectionProtocol.Release(message.PacketId, ReasonCode.Success));
            }
            else
            {
                _resending.Enqueue(message);
            }
        }

        Pump();
    }

    private void Pump()
    {
        if (!_isBound || _connection is null || _state is not { } state || (state.Queue.Count == 0 && _resending.Count == 0))
        {
            return;
        }

        var batch = SendAgain(state);
        var waits = false;
        while (_resending.Count == 0 && state.Inflight.FreeSlots > 0 && state.Queue.TryDequeue(out var message))
        {
            var delivery = message.Delivery;
            if (delivery.Publication.ExpiresAt != Publication.Never && delivery.Publication.IsExpired(Now))
            {
                _services.Dropped.Add(DropReason.Expired);
                _commits.Write(new StoreWrite.Read(state.Session, message.Position, 0, delivery.QoS));
                continue;
            }

            var packetId = state.Inflight.Add(message, delivery.QoS);
            _commits.Write(new StoreWrite.Read(state.Session, message.Position, packetId, delivery.QoS));
            (batch ??= []).Add(new NumberedDelivery(delivery, packetId, Duplicate: false));
            waits |= delivery.QoS == QualityOfService.ExactlyOnce;
        }

        if (batch is not null)
        {
            Send(_connection, new ConnectionProtocol.Deliveries(batch), waits);
        }

        if (state.Inflight.FreeSlots > 0 && state.Queue.NeedsPage)
        {
            ReadPage(state);
        }
    }

    /// <summary>What was sent before takes its turn first, as far as Receive Maximum allows (section 4.9).</summary>
    private List<NumberedDelivery>? SendAgain(DurableSessionState state)
    {
        List<NumberedDelivery>? batch = null;
        while (_resending.Count > 0 && state.Inflight.Count - _resending.Count < state.Inflight.ReceiveMaximum)
        {
            var message = _resending.Dequeue();
            if (state.Inflight.Contains(message.PacketId))
            {
                (batch ??= []).Add(new NumberedDelivery(message.Item.Delivery, message.PacketId, Duplicate: true));
            }
        }

        return batch;
    }

    /// <summary>
    /// At QoS 2 the packet id is durable before the packet leaves: sent under another one after a crash, it would be another message. What comes behind waits
    /// too, so that the queue's order is kept across QoS.
    /// </summary>
    private void Send(ConnectionRef connection, ConnectionProtocol.Deliveries deliveries, bool waits)
    {
        if (!waits && _sendsWaiting == 0)
        {
            connection.Tell(deliveries);
            return;
        }

        _sendsWaiting++;
        _commits.Then(() =>
        {
            _sendsWaiting--;
            connection.Tell(deliveries);
        });
    }

    private void ReadPage(DurableSessionState state)
    {
        if (_isReading)
        {
            return;
        }

        _isReading = true;
        _services.Reader.ReadQueueAsync(
                state.Session, state.Queue.BeginPage(), PagedQueue.PageMessages, PagedQueue.PageBytes, CancellationToken.None)
            .PipeTo(Self, success: page => new PageRead(state, page), failure: problem => new PageFailed(problem));
    }

    private void OnPageRead(PageRead read)
    {
        _isReading = false;
        if (_isBound && ReferenceEquals(read.State, _state) && _state.Queue.NeedsPage)
        {
            // The store removes what has expired from the queues of those who stay away.
            var expired = _state.Queue.AddPage(read.Page.Messages, read.Page.IsLast);
            _services.Dropped.Add(DropReason.Expired, (int)Math.Min(expired, int.MaxValue));
        }

        Pump();
    }

    private void OnAcknowledged(DurableSessionState state, SessionProtocol.Acknowledged message)
    {
        var inflight = state.Inflight;
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
                    OnReceived(state, message.PacketId, answer, item);
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
            _commits.Write(new StoreWrite.Acknowledge(state.Session, item.Position));
            Pump();
        }
    }

    private void OnReceived(DurableSessionState state, ushort packetId, Acknowledgement answer, QueuedMessage item)
    {
        var connection = _connection!;
        switch (answer)
        {
            case Acknowledgement.Accepted:
                _commits.Write(
                    new StoreWrite.PubRec(state.Session, item.Position),
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

    private void WarnFull(DurableSessionState state)
    {
        if (Now >= _nextFullWarning)
        {
            _nextFullWarning = Now + FullWarningInterval;
            SessionLog.QueueFull(_services.Logger, _clientId, state.Queue.Count, state.Queue.Bytes);
        }
    }

    private sealed record PageRead(DurableSessionState State, QueuePage Page);

    private sealed record PageFailed(Exception Problem);

    private sealed record RetainedDue(RetainedRequest Request);
}
