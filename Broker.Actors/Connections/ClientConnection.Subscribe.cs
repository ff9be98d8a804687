using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;
using Broker.Protocol.Topics;

namespace Broker.Actors.Connections;

/// <summary>SUBSCRIBE and UNSUBSCRIBE: what is checked before the session makes the change.</summary>
internal sealed partial class ClientConnection
{
    private void OnSubscribe(SubscribePacket packet)
    {
        var requested = new RequestedSubscription[packet.Subscriptions.Count];
        for (var i = 0; i < requested.Length; i++)
        {
            requested[i] = Check(packet.Subscriptions[i], packet.SubscriptionIdentifier);
            if (requested[i].ReasonCode == ReasonCode.ProtocolError)
            {
                Disconnect(ReasonCode.ProtocolError, "No Local on a shared subscription [MQTT-3.8.3-4]");
                return;
            }
        }

        _session!.Subscribe(packet.PacketId, requested);
    }

    private void OnUnsubscribe(UnsubscribePacket packet) => _session!.Unsubscribe(packet.PacketId, packet.Filters);

    internal void WriteSubAck(ushort packetId, IReadOnlyList<ReasonCode> reasonCodes) =>
        Write(new SubAckPacket { PacketId = packetId, ReasonCodes = reasonCodes });

    internal void WriteUnsubAck(ushort packetId, IReadOnlyList<ReasonCode> reasonCodes) =>
        Write(new UnsubAckPacket { PacketId = packetId, ReasonCodes = reasonCodes });

    private RequestedSubscription Check(SubscriptionRequest request, uint? identifier)
    {
        // A bridge is sent retained flags as published, so that it can pass them on; MQTT 3 has no option for it.
        var options = new SubscriptionOptions(request.QoS, request.NoLocal, request.RetainAsPublished || _isBridge, identifier ?? 0);
        if (!TopicFilter.TryParse(request.Filter, out var filter, out var problem))
        {
            return Refused(ReasonCode.TopicFilterInvalid, problem!);
        }

        if (filter!.IsShared && request.NoLocal)
        {
            return Refused(ReasonCode.ProtocolError, "No Local on a shared subscription");
        }

        if (TopicLimits.Problem(filter.Filter, _context.Limits) is { } limit)
        {
            return Refused(ReasonCode.TopicFilterInvalid, limit);
        }

        if (_access is not null && !_access.Rules.MaySubscribe(filter.Filter))
        {
            return Refused(_context.RefusedByRule, "a rule of mqtt.security.authorization denies it", isRule: true);
        }

        return new RequestedSubscription(filter, options, request.RetainHandling, (ReasonCode)request.QoS);

        RequestedSubscription Refused(ReasonCode reasonCode, string why, bool isRule = false)
        {
            if (_traces is not null)
            {
                TraceRefusedFilter(request.Filter, reasonCode, isRule ? Ruled(why, _access!.Rules.Subscribing(filter!.Filter)) : why);
            }

            ConnectionLog.SubscribeRefused(_context.Logger, _shownClientId, RemoteAddress, request.Filter.Shortened(), reasonCode, why);
            return new RequestedSubscription(null, options, request.RetainHandling, reasonCode);
        }
    }
}
