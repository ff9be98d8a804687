using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Actors.Connections;

/// <summary>
/// A session that outlives its connection: everything that must not be lost is asked of its entity. What is here spares questions, and is what a new entity of
/// the session is told when the one before it is gone.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="subscriber">What the router knows.</param>
/// <param name="attachment">The first.</param>
internal sealed partial class DurableSession(ClientConnection connection, SessionSubscriber subscriber, int attachment) : ConnectionSession(connection, subscriber)
{
    private readonly Queue<NumberedDelivery> _waiting = [];
    private readonly Dictionary<ushort, OutboundReport> _outbound = [];
    private Dictionary<ushort, Inbound>? _inbound;
    private SessionProtocol.Subscribe? _subscribe;
    private SessionProtocol.Unsubscribe? _unsubscribe;
    private long _highestPosition;

    private StoreBacklog Backlog => Connection.Context.StoreBacklog;

    /// <inheritdoc/>
    public override void Start() => Connection.Context.Routes.Connected(Subscriber, Connection);

    /// <inheritdoc/>
    public override void End()
    {
        Connection.Context.Routes.Disconnected(Subscriber, Connection);
        if (_inbound is not null)
        {
            foreach (var inbound in _inbound.Values)
            {
                Backlog.Remove(inbound.WaitingBytes);
            }
        }
    }

    /// <inheritdoc/>
    public override void Deliver(in Delivery delivery) =>
        throw new InvalidOperationException("QoS 1 and 2 reach a durable session through its entity.");

    /// <inheritdoc/>
    public override void OnAcknowledgement(PacketType type, ushort packetId, ReasonCode reasonCode)
    {
        if (type == PacketType.PubRec && reasonCode < ReasonCode.UnspecifiedError)
        {
            if (_outbound.TryGetValue(packetId, out var report) && report.Step != OutboundProgress.Received)
            {
                _outbound[packetId] = report with { Step = OutboundProgress.Received };
                Asked();
            }
        }
        else if (_outbound.Remove(packetId, out var report) && report.Step == OutboundProgress.Received)
        {
            Answered();
        }

        Tell(new SessionProtocol.Acknowledged(Connection.ClientId, Connection.Number, type, packetId, reasonCode));
    }

    /// <inheritdoc/>
    public override void Subscribe(ushort packetId, IReadOnlyList<RequestedSubscription> requested)
    {
        Connection.Hold(HoldReasons.Subscribing);
        _subscribe = new SessionProtocol.Subscribe(Connection.ClientId, Connection.Number, packetId, requested);
        Asked();
        Tell(_subscribe);
    }

    /// <inheritdoc/>
    public override void Unsubscribe(ushort packetId, IReadOnlyList<string> filters)
    {
        Connection.Hold(HoldReasons.Subscribing);
        _unsubscribe = new SessionProtocol.Unsubscribe(Connection.ClientId, Connection.Number, packetId, filters);
        Asked();
        Tell(_unsubscribe);
    }

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
                    Take(delivery);
                }

                Pump();
                break;
            case ConnectionProtocol.Release release:
                OnRelease(release);
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
                OnReleased(released);
                break;
            case ConnectionProtocol.Subscribed subscribed when _subscribe?.PacketId == subscribed.PacketId:
                _subscribe = null;
                Answered();
                Connection.WriteSubAck(subscribed.PacketId, subscribed.ReasonCodes);
                Connection.Release(HoldReasons.Subscribing);
                break;
            case ConnectionProtocol.Unsubscribed unsubscribed when _unsubscribe?.PacketId == unsubscribed.PacketId:
                _unsubscribe = null;
                Answered();
                Connection.WriteUnsubAck(unsubscribed.PacketId, unsubscribed.ReasonCodes);
                Connection.Release(HoldReasons.Subscribing);
                break;
            case ConnectionProtocol.Resume:
                OnResume();
                break;
            case ConnectionProtocol.Attached attached:
                OnAttached(attached);
                break;
            case ConnectionProtocol.Check check:
                OnCheck(check);
                break;
        }
    }

    private void Take(in NumberedDelivery delivery)
    {
        if (_outbound.TryGetValue(delivery.PacketId, out var known) && known.Position == delivery.Position && delivery.Position != 0)
        {
            return;
        }

        _highestPosition = Math.Max(_highestPosition, delivery.Position);
        _outbound[delivery.PacketId] = new OutboundReport(delivery.PacketId, delivery.Position, delivery.Delivery.QoS, OutboundProgress.Sent);
        _waiting.Enqueue(delivery);
    }

    private void Send(in NumberedDelivery next)
    {
        if (!Connection.WritePublish(next.Delivery, next.PacketId, next.Duplicate))
        {
            OnAcknowledgement(
                next.Delivery.QoS == QualityOfService.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, next.PacketId, ReasonCode.PacketTooLarge);
        }
    }

    /// <summary>PUBREL, once for each PUBREC of this connection, or for one of an earlier connection.</summary>
    private void OnRelease(ConnectionProtocol.Release release)
    {
        if (release.Position != 0)
        {
            var isKnown = _outbound.TryGetValue(release.PacketId, out var report) && report.Position == release.Position;
            if (isKnown && report.Step == OutboundProgress.Released)
            {
                return;
            }

            if (isKnown && report.Step == OutboundProgress.Received)
            {
                Answered();
            }

            _outbound[release.PacketId] = new OutboundReport(
                release.PacketId, release.Position, QualityOfService.ExactlyOnce, OutboundProgress.Released);
        }

        Connection.WriteAcknowledgement(PacketType.PubRel, release.PacketId, release.ReasonCode);
    }
}
