using Broker.Actors.Connections;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>QoS 2 publishes of a durable session's client: each step is committed before it is answered (hard case 4).</summary>
internal sealed partial class SessionActor
{
    private void OnNumberInbound(DurableSessionState state, SessionProtocol.NumberInbound message)
    {
        var connection = _connection!;
        var publish = state.Number(message.PacketId, out var isNew);
        var arePicksNew = publish.Choose(message.Picks, message.Renews);
        var answer = new ConnectionProtocol.InboundNumbered(
            message.PacketId, publish.Id, state.LowestUnreleased(), publish.IsRouted, Picks: publish.Picks);
        if (isNew || arePicksNew)
        {
            _commits.Write(
                new StoreWrite.NumberInbound(state.Session, message.PacketId, publish.Id.Number, publish.Picks), () => Tell(connection, answer));
        }
        else
        {
            _commits.Then(() => Tell(connection, answer));
        }
    }

    private void OnInboundRouted(DurableSessionState state, ushort packetId)
    {
        if (state.Inbound.TryGetValue(packetId, out var publish) && !publish.IsRouted)
        {
            publish.IsRouted = true;
            _commits.Write(new StoreWrite.RouteInbound(state.Session, packetId));
        }
    }

    private void OnReleaseInbound(DurableSessionState state, SessionProtocol.ReleaseInbound message)
    {
        var connection = _connection!;
        var answer = new ConnectionProtocol.InboundReleased(message.PacketId, state.Inbound.Remove(message.PacketId));
        if (answer.WasKnown)
        {
            _commits.Write(new StoreWrite.ReleaseInbound(state.Session, message.PacketId), () => Tell(connection, answer));
        }
        else
        {
            _commits.Then(() => Tell(connection, answer));
        }
    }

    private void OnForgetInbound(DurableSessionState state, ushort packetId)
    {
        if (state.Inbound.Remove(packetId))
        {
            _commits.Write(new StoreWrite.ReleaseInbound(state.Session, packetId));
        }
    }
}
