using Broker.Actors.Connections;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>Durable sessions: identities of the client's QoS 2 publishes (hard case 4).</summary>
internal sealed partial class SessionActor
{
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
}
