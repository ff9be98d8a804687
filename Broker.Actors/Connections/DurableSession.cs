using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Actors.Connections;

/// <summary>
/// A session that outlives its connection: everything that must not be lost is asked of its entity; what is here only spares questions.
/// </summary>
internal sealed class DurableSession(ClientConnection connection, SessionSubscriber subscriber) : ConnectionSession(connection, subscriber)
{
    private readonly Queue<NumberedDelivery> _waiting = [];
    private Dictionary<ushort, Inbound>? _inbound;

    /// <inheritdoc/>
    public override void Deliver(in Delivery delivery) =>
        throw new InvalidOperationException("QoS 1 and 2 reach a durable session through its entity.");

    /// <inheritdoc/>
    public override void OnAcknowledgement(PacketType type, ushort packetId, ReasonCode reasonCode) =>
        Tell(new SessionProtocol.Acknowledged(Connection.ClientId, Connection.Number, type, packetId, reasonCode));

    /// <inheritdoc/>
    public override void Subscribe(ushort packetId, IReadOnlyList<RequestedSubscription> requested)
    {
        Connection.Hold(HoldReasons.Subscribing);
        Tell(new SessionProtocol.Subscribe(Connection.ClientId, Connection.Number, packetId, requested));
    }

    /// <inheritdoc/>
    public override void Unsubscribe(ushort packetId, IReadOnlyList<string> filters)
    {
        Connection.Hold(HoldReasons.Subscribing);
        Tell(new SessionProtocol.Unsubscribe(Connection.ClientId, Connection.Number, packetId, filters));
    }

    /// <inheritdoc/>
    public override void PublishExactlyOnce(PublishPacket packet, string topic)
    {
        _inbound ??= [];
        if (_inbound.TryGetValue(packet.PacketId, out var known) && !known.Publish.IsComplete)
        {
            // Its PUBREC is on the way already.
            return;
        }

        var publish = Connection.Await(new UnacknowledgedPublish(packet.PacketId, packet.QoS));
        _inbound[packet.PacketId] = new Inbound(packet, topic, publish);
        Tell(new SessionProtocol.NumberInbound(Connection.ClientId, Connection.Number, packet.PacketId));
    }

    /// <inheritdoc/>
    public override void OnExactlyOnceRouted(UnacknowledgedPublish publish)
    {
        if (publish.ReasonCode < ReasonCode.UnspecifiedError)
        {
            Tell(new SessionProtocol.InboundRouted(Connection.ClientId, Connection.Number, publish.PacketId));
        }
    }

    /// <inheritdoc/>
    public override bool IsUnreleased(ushort packetId) => _inbound?.ContainsKey(packetId) ?? false;

    /// <inheritdoc/>
    public override void ForgetInbound(ushort packetId)
    {
        _inbound?.Remove(packetId);
        Tell(new SessionProtocol.ForgetInbound(Connection.ClientId, Connection.Number, packetId));
    }

    /// <inheritdoc/>
    public override void Release(ushort packetId) =>
        Tell(new SessionProtocol.ReleaseInbound(Connection.ClientId, Connection.Number, packetId));

    /// <inheritdoc/>
    public override void Pump()
    {
        while (_waiting.TryPeek(out var next) && Connection.CanWrite)
        {
            _waiting.Dequeue();
            Send(next);
        }
    }

    /// <inheritdoc/>
    public override void Handle(object command)
    {
        switch (command)
        {
            case ConnectionProtocol.Deliveries deliveries:
                foreach (var delivery in deliveries.Items)
                {
                    _waiting.Enqueue(delivery);
                }

                Pump();
                break;
            case ConnectionProtocol.Release release:
                Connection.WriteAcknowledgement(PacketType.PubRel, release.PacketId, release.ReasonCode);
                break;
            case ConnectionProtocol.Unnumbered unnumbered:
                foreach (var delivery in unnumbered.Items)
                {
                    Connection.Deliver(delivery);
                }

                break;
            case ConnectionProtocol.InboundNumbered numbered:
                OnNumbered(numbered);
                break;
            case ConnectionProtocol.InboundReleased released:
                _inbound?.Remove(released.PacketId);
                Connection.FinishInbound(
                    PacketType.PubComp, released.PacketId, released.WasKnown ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound);
                break;
            case ConnectionProtocol.Subscribed subscribed:
                Connection.WriteSubAck(subscribed.PacketId, subscribed.ReasonCodes);
                Connection.Release(HoldReasons.Subscribing);
                break;
            case ConnectionProtocol.Unsubscribed unsubscribed:
                Connection.WriteUnsubAck(unsubscribed.PacketId, unsubscribed.ReasonCodes);
                Connection.Release(HoldReasons.Subscribing);
                break;
        }
    }

    private void OnNumbered(ConnectionProtocol.InboundNumbered numbered)
    {
        if (_inbound is null || !_inbound.TryGetValue(numbered.PacketId, out var inbound))
        {
            return;
        }

        RouteResult result;
        if (numbered.Refusal is { } refusal)
        {
            result = new RouteResult(null, refusal);
        }
        else if (numbered.AlreadyRouted)
        {
            result = new RouteResult(null, ReasonCode.Success);
        }
        else
        {
            result = Connection.Route(Connection.Publication(inbound.Packet, inbound.Topic, numbered.Id, numbered.LowestUnreleased), numbered.PacketId);
        }

        inbound.Publish.Routed(result);
        _inbound[numbered.PacketId] = inbound with { Packet = null! };
        Connection.AcknowledgeCompleted();
    }

    private void Send(in NumberedDelivery next)
    {
        if (!Connection.WritePublish(next.Delivery, next.PacketId, next.Duplicate))
        {
            OnAcknowledgement(
                next.Delivery.QoS == QualityOfService.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, next.PacketId, ReasonCode.PacketTooLarge);
        }
    }

    private void Tell(ISessionMessage message) => Connection.Context.TellSession(message);

    /// <summary>A QoS 2 publish between its PUBLISH and its PUBREL.</summary>
    private sealed record Inbound(PublishPacket Packet, string Topic, UnacknowledgedPublish Publish);
}
