using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>Durable sessions: what goes to the client, and its acknowledgements.</summary>
internal sealed partial class SessionActor
{
    /// <summary>PUBLISH packets of an earlier connection that the Receive Maximum of this one does not allow yet.</summary>
    private readonly List<InflightMessage<QueuedMessage>> _resending = [];

    /// <summary>Nothing new overtakes what is still to be sent again.</summary>
    private bool _isResuming;

    /// <summary>
    /// A new connection: first what it has not acknowledged, in the order of sending [MQTT-4.4.0-1], then the queue. Behind the commits: what is sent
    /// again must have its packet id in the store.
    /// </summary>
    private void Resume(int receiveMaximum)
    {
        _resending.Clear();
        _isResuming = true;
        _state!.Inflight.ReceiveMaximum = receiveMaximum;
        var connection = _connection;
        AfterCommits(() =>
        {
            if (_connection == connection && _state is { } state)
            {
                _isResuming = false;
                SendAgain(state);
                Pump();
            }
        });
    }

    private void SendAgain(DurableSessionState state)
    {
        foreach (var message in state.Inflight)
        {
            if (message.State == InflightState.AwaitingPubComp)
            {
                _connection!.Tell(new ConnectionProtocol.Release(message.PacketId, ReasonCode.Success));
            }
            else
            {
                _resending.Add(message);
            }
        }
    }

    private void Pump()
    {
        if (_connection is null || _isResuming || _state is not { } state)
        {
            return;
        }

        List<NumberedDelivery>? batch = null;
        var again = 0;
        while (again < _resending.Count && state.Inflight.Count - (_resending.Count - again) < state.Inflight.ReceiveMaximum)
        {
            var message = _resending[again++];
            (batch ??= []).Add(new NumberedDelivery(message.Item.Delivery, message.PacketId, Duplicate: true));
        }

        _resending.RemoveRange(0, again);
        var isExactlyOnce = false;
        while (state.Inflight.FreeSlots > 0 && state.Queue.TryDequeue(out var message))
        {
            if (message.Delivery.Publication.ExpiresAt != Publication.Never && message.Delivery.Publication.IsExpired(Now))
            {
                _services.Dropped.Add(DropReason.Expired);
                Remove(message);
                continue;
            }

            var packetId = state.Inflight.Add(message, message.Delivery.QoS);
            isExactlyOnce |= message.Delivery.QoS == QualityOfService.ExactlyOnce;
            Commit(new SessionWrite.Inflight(_clientId, message.Position, packetId, Received: false), static () => { });
            (batch ??= []).Add(new NumberedDelivery(message.Delivery, packetId, Duplicate: false));
        }

        if (batch is not null)
        {
            Send(new ConnectionProtocol.Deliveries(batch), isExactlyOnce);
        }
    }

    /// <summary>
    /// QoS 2 leaves only when its packet id is committed: after a restart the message must go out under the same id, or the client counts it twice.
    /// </summary>
    private void Send(ConnectionProtocol.Deliveries deliveries, bool isExactlyOnce)
    {
        var connection = _connection!;
        if (isExactlyOnce)
        {
            AfterCommits(() => connection.Tell(deliveries));
        }
        else
        {
            connection.Tell(deliveries);
        }
    }

    private void OnAcknowledged(SessionProtocol.Acknowledged message)
    {
        var inflight = _state!.Inflight;
        _resending.RemoveAll(resending => resending.PacketId == message.PacketId);
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
}
