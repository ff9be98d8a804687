using Broker.Actors.Connections;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>What the client of a durable session acknowledges.</summary>
internal sealed partial class SessionActor
{
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
                    () => Tell(connection, new ConnectionProtocol.Release(packetId, ReasonCode.Success, item.Position)));
                break;
            case Acknowledgement.Repeated:
                Tell(connection, new ConnectionProtocol.Release(packetId, ReasonCode.Success, item.Position));
                break;
            case Acknowledgement.UnknownPacketId:
                Tell(connection, new ConnectionProtocol.Release(packetId, ReasonCode.PacketIdentifierNotFound));
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
