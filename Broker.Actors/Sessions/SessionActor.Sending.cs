using Akka.Actor;
using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>From the queue to the client, within its Receive Maximum.</summary>
internal sealed partial class SessionActor
{
    /// <summary>A message between nodes must stay below the frame size of remoting.</summary>
    private const int BatchBytes = 64 * 1024;

    /// <summary>PUBLISH packets of an earlier connection that the Receive Maximum of this one does not allow yet.</summary>
    private readonly Queue<(InflightMessage<QueuedMessage> Message, bool Duplicate)> _resending = [];

    private bool _isReading;
    private int _sendsWaiting;

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
                Tell(_connection!, new ConnectionProtocol.Release(message.PacketId, ReasonCode.Success, message.Item.Position));
            }
            else
            {
                _resending.Enqueue((message, Duplicate: true));
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
        var bytes = 0;
        while (_resending.Count == 0 && state.Inflight.FreeSlots > 0 && state.Queue.TryDequeue(out var message))
        {
            var delivery = message.Delivery;
            if (delivery.Publication.ExpiresAt != Publication.Never && delivery.Publication.IsExpired(Now))
            {
                Drop(DropReason.Expired, delivery.Publication.Topic);
                _commits.Write(new StoreWrite.Read(state.Session, message.Position, 0, delivery.QoS));
                continue;
            }

            var packetId = state.Inflight.Add(message, delivery.QoS);
            _commits.Write(new StoreWrite.Read(state.Session, message.Position, packetId, delivery.QoS));
            (batch ??= []).Add(new NumberedDelivery(delivery, packetId, Duplicate: false, message.Position));
            waits |= delivery.QoS == QualityOfService.ExactlyOnce;
            if ((bytes += delivery.Publication.Size) >= BatchBytes)
            {
                Send(_connection, new ConnectionProtocol.Deliveries(batch), waits);
                (batch, waits, bytes) = (null, false, 0);
            }
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
        var bytes = 0;
        while (_resending.Count > 0 && state.Inflight.Count - _resending.Count < state.Inflight.ReceiveMaximum)
        {
            var (message, duplicate) = _resending.Dequeue();
            if (!state.Inflight.Contains(message.PacketId))
            {
                continue;
            }

            (batch ??= []).Add(new NumberedDelivery(message.Item.Delivery, message.PacketId, duplicate, message.Item.Position));
            if ((bytes += message.Item.Delivery.Publication.Size) >= BatchBytes)
            {
                Send(_connection!, new ConnectionProtocol.Deliveries(batch), waits: false);
                (batch, bytes) = (null, 0);
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
            Tell(connection, deliveries);
            return;
        }

        _sendsWaiting++;
        var attachment = _attachment;
        _commits.Then(() =>
        {
            _sendsWaiting--;

            // A connection that has attached again meanwhile was sent all that it lacked.
            if (attachment == _attachment)
            {
                Tell(connection, deliveries);
            }
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
            Drop(DropReason.Expired, topic: null, expired);
        }

        Pump();
    }

    private sealed record PageRead(DurableSessionState State, QueuePage Page);

    private sealed record PageFailed(Exception Problem);
}
