using Broker.Actors.Hosting;
using Broker.Actors.Retained;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;
using Broker.Protocol.Topics;

namespace Broker.Actors.Connections;

/// <summary>
/// A session that ends with its connection, so that its whole state is here, on the event loop. Its entity only guards the client id.
/// </summary>
internal sealed class LiveSession(ClientConnection connection, SessionSubscriber subscriber) : ConnectionSession(connection, subscriber)
{
    [ThreadStatic]
    private static List<Delivery>? _droppedHere;

    private readonly InflightWindow<Delivery> _inflight = new(connection.SendQuota);
    private Dictionary<string, TopicFilter>? _subscriptions;
    private OutboundQueue<Delivery>? _queue;
    private InboundExactlyOnce? _inbound;

    /// <inheritdoc/>
    public override void End()
    {
        base.End();
        if (_subscriptions is not null)
        {
            foreach (var filter in _subscriptions.Values)
            {
                Connection.Context.Routes.Unsubscribe(Subscriber, filter);
            }
        }
    }

    /// <inheritdoc/>
    public override void Deliver(in Delivery delivery)
    {
        if (_queue is not { Count: > 0 } && _inflight.FreeSlots > 0 && Connection.CanWrite)
        {
            Send(delivery);
            return;
        }

        var limits = Connection.Context.Limits;
        _queue ??= new OutboundQueue<Delivery>(limits.MaxQueuedMessages, limits.MaxQueuedBytes, limits.QueueFull);
        var dropped = _droppedHere ??= [];
        Connection.TraceQueued(
            delivery.Publication,
            _queue.Enqueue(delivery, delivery.Publication.Size, dropped),
            "as many messages as may be are not acknowledged, or the client reads too slowly");
        Connection.Drop(dropped, DropReason.QueueFull);
    }

    /// <inheritdoc/>
    public override void OnAcknowledgement(PacketType type, ushort packetId, ReasonCode reasonCode)
    {
        switch (type)
        {
            case PacketType.PubAck:
                Check(_inflight.PubAck(packetId, out _), type, packetId);
                break;
            case PacketType.PubRec:
                var answer = _inflight.PubRec(packetId, reasonCode, out _);
                if (answer != Acknowledgement.WrongState && reasonCode < ReasonCode.UnspecifiedError)
                {
                    var code = answer == Acknowledgement.UnknownPacketId ? ReasonCode.PacketIdentifierNotFound : ReasonCode.Success;
                    Connection.WriteAcknowledgement(PacketType.PubRel, packetId, code);
                }

                Check(answer, type, packetId);
                break;
            default:
                Check(_inflight.PubComp(packetId, out _), type, packetId);
                break;
        }

        Pump();
    }

    /// <inheritdoc/>
    public override void Subscribe(ushort packetId, IReadOnlyList<RequestedSubscription> requested)
    {
        _subscriptions ??= new Dictionary<string, TopicFilter>(StringComparer.Ordinal);
        var reasonCodes = new ReasonCode[requested.Count];
        List<RequestedSubscription>? retained = null;
        for (var i = 0; i < reasonCodes.Length; i++)
        {
            var subscription = requested[i];
            reasonCodes[i] = subscription.ReasonCode;
            if (subscription.Filter is not { } filter)
            {
                continue;
            }

            if (!_subscriptions.ContainsKey(filter.Text) && Connection.Context.Limits.MaxSubscriptions is > 0 and var most
                && _subscriptions.Count >= most)
            {
                reasonCodes[i] = ReasonCode.QuotaExceeded;
                continue;
            }

            var isNew = Connection.Context.Routes.Subscribe(Subscriber, filter, subscription.Options);
            _subscriptions[filter.Text] = filter;
            if (RetainedRequest.IsOwed(subscription, isNew))
            {
                (retained ??= []).Add(subscription);
            }
        }

        Answer(PacketType.SubAck, packetId, reasonCodes, retained);
    }

    /// <inheritdoc/>
    public override void Unsubscribe(ushort packetId, IReadOnlyList<string> filters)
    {
        var reasonCodes = new ReasonCode[filters.Count];
        for (var i = 0; i < reasonCodes.Length; i++)
        {
            TopicFilter? filter = null;
            var existed = _subscriptions?.Remove(filters[i], out filter) ?? false;
            if (existed)
            {
                Connection.Context.Routes.Unsubscribe(Subscriber, filter!);
            }

            reasonCodes[i] = existed ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted;
        }

        Answer(PacketType.UnsubAck, packetId, reasonCodes, retained: null);
    }

    /// <inheritdoc/>
    public override void PublishExactlyOnce(PublishPacket packet, string topic)
    {
        _inbound ??= new InboundExactlyOnce(ushort.MaxValue);
        var publish = new UnacknowledgedPublish(packet.PacketId, packet.QoS);
        publish.Routed(
            _inbound.Begin(packet.PacketId) == InboundPublish.Duplicate
                ? new RouteResult(null, ReasonCode.Success)
                : Connection.Route(Connection.Publication(packet, topic), packet.PacketId));
        Connection.Await(publish);
        Connection.AcknowledgeCompleted();
    }

    /// <inheritdoc/>
    public override void OnExactlyOnceRouted(UnacknowledgedPublish publish)
    {
    }

    /// <inheritdoc/>
    public override bool IsUnreleased(ushort packetId) => _inbound?.Contains(packetId) ?? false;

    /// <inheritdoc/>
    public override void ForgetInbound(ushort packetId) => _inbound?.Release(packetId);

    /// <inheritdoc/>
    public override void Release(ushort packetId)
    {
        var wasKnown = _inbound?.Release(packetId) ?? false;
        Connection.FinishInbound(PacketType.PubComp, packetId, wasKnown ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound);
    }

    /// <inheritdoc/>
    public override void ApplyLimits(LimitsOptions limits) => _queue?.Limit(limits.MaxQueuedMessages, limits.MaxQueuedBytes, limits.QueueFull);

    /// <inheritdoc/>
    public override void Pump()
    {
        while (_queue is { Count: > 0 } && _inflight.FreeSlots > 0 && Connection.CanWrite && _queue.TryDequeue(out var delivery))
        {
            Send(delivery);
        }
    }

    /// <inheritdoc/>
    public override void Handle(object command)
    {
        switch (command)
        {
            case ConnectionProtocol.RetainedCaughtUp caughtUp:
                SendRetained(caughtUp.Request);
                break;
            case ConnectionProtocol.RoutesKnown known:
                WriteAnswer(known);
                Connection.Release(HoldReasons.Subscribing);
                break;
        }
    }

    /// <summary>SUBACK or UNSUBACK, once every member routes accordingly (hard case 3): until then later packets wait.</summary>
    private void Answer(PacketType type, ushort packetId, ReasonCode[] reasonCodes, List<RequestedSubscription>? retained)
    {
        var request = retained is null ? null : new RetainedRequest(retained, Connection.Context.Retained.Barriers());
        var answer = new ConnectionProtocol.RoutesKnown(type, packetId, reasonCodes, request);
        var (connection, routes) = (Connection, Connection.Context.Routes);
        if (!routes.HasPeers || routes.IsKnownEverywhere(routes.Barrier(), () => connection.Loop.Post(connection, answer)))
        {
            WriteAnswer(answer);
        }
        else
        {
            Connection.Hold(HoldReasons.Subscribing);
        }
    }

    private void WriteAnswer(ConnectionProtocol.RoutesKnown answer)
    {
        if (answer.Type == PacketType.UnsubAck)
        {
            Connection.WriteUnsubAck(answer.PacketId, answer.ReasonCodes);
            return;
        }

        Connection.WriteSubAck(answer.PacketId, answer.ReasonCodes);
        if (answer.Retained is { } request)
        {
            Connection.Context.Retained.AddOthers(request.Barriers, Connection.Context.Routes);
            Request(request);
        }
    }

    private void Send(in Delivery delivery)
    {
        if (delivery.Publication.ExpiresAt != Publication.Never && delivery.Publication.IsExpired(Connection.Loop.UtcNow))
        {
            Connection.Drop(delivery.Publication, DropReason.Expired);
            return;
        }

        var packetId = _inflight.Add(delivery, delivery.QoS);
        if (!Connection.WritePublish(delivery, packetId, duplicate: false))
        {
            // Not as an acknowledgement, which would send the next one from within this one.
            _ = delivery.QoS == QualityOfService.AtLeastOnce
                ? _inflight.PubAck(packetId, out _)
                : _inflight.PubRec(packetId, ReasonCode.PacketTooLarge, out _);
        }
    }

    private void Check(Acknowledgement answer, PacketType type, ushort packetId)
    {
        if (answer == Acknowledgement.WrongState)
        {
            Connection.Disconnect(ReasonCode.ProtocolError, $"{type} for packet id {packetId}, which does not wait for it");
        }
    }

    private void Request(RetainedRequest request)
    {
        var (connection, loop) = (Connection, Connection.Loop);
        if (connection.Context.Retained.IsCaughtUp(
                request.Barriers, () => loop.Post(connection, new ConnectionProtocol.RetainedCaughtUp(request))))
        {
            SendRetained(request);
        }
    }

    private void SendRetained(RetainedRequest request)
    {
        var context = Connection.Context;
        foreach (var delivery in request.Read(context.RetainedCopy, context.Retained, context.Access, Connection.Loop.UtcNow))
        {
            Connection.Deliver(delivery);
        }
    }
}
