using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Actors.Connections;

/// <summary>QoS 2 publishes of the client: which number they have, and when it is not needed any more, is asked of the entity (hard case 4).</summary>
internal sealed partial class DurableSession
{
    /// <summary>In their order, until they have left: one that waits for another pick is not passed.</summary>
    private readonly Queue<Inbound> _leaving = [];

    private long _lastOrder;

    /// <inheritdoc/>
    public override void PublishExactlyOnce(PublishPacket packet, string topic)
    {
        _inbound ??= [];
        var wasForgotten = false;
        if (_inbound.TryGetValue(packet.PacketId, out var known))
        {
            if (known.Publish is { IsComplete: false })
            {
                // Its PUBREC is on the way already.
                return;
            }

            wasForgotten = known.Step == InboundProgress.Forgotten;
            Forget(packet.PacketId);
        }

        var publish = Connection.Await(new UnacknowledgedPublish(packet.PacketId, packet.QoS));
        var inbound = new Inbound(packet, topic, publish)
        {
            Step = wasForgotten ? InboundProgress.ForgottenAndNumbering : InboundProgress.Numbering,
            Order = ++_lastOrder,
            Picks = SharedPicks.Choose(Connection.Match(topic))?.Encode(),
        };
        _inbound[packet.PacketId] = inbound;
        _leaving.Enqueue(inbound);
        Asked();
        AskForNumber(packet.PacketId, inbound);
        Backlog.Add(inbound.WaitingBytes);
        Connection.HoldForStore();
    }

    /// <inheritdoc/>
    public override void OnExactlyOnceRouted(UnacknowledgedPublish publish)
    {
        if (publish.ReasonCode < ReasonCode.UnspecifiedError)
        {
            if (_inbound is not null && _inbound.TryGetValue(publish.PacketId, out var inbound) && inbound.Step == InboundProgress.Routing)
            {
                inbound.Step = InboundProgress.Routed;
            }

            Tell(new SessionProtocol.InboundRouted(Connection.ClientId, Connection.Number, publish.PacketId));
        }
    }

    /// <inheritdoc/>
    public override bool IsUnreleased(ushort packetId) =>
        _inbound is not null && _inbound.TryGetValue(packetId, out var inbound) && inbound is { Publish: not null, Step: not InboundProgress.Forgotten };

    /// <inheritdoc/>
    public override void ForgetInbound(ushort packetId)
    {
        // Kept until the packet id is used again: a new entity must not give the next message the number of this one.
        if (_inbound is not null && _inbound.TryGetValue(packetId, out var inbound))
        {
            inbound.Step = InboundProgress.Forgotten;
        }

        Tell(new SessionProtocol.ForgetInbound(Connection.ClientId, Connection.Number, packetId));
    }

    /// <inheritdoc/>
    public override void Release(ushort packetId)
    {
        _inbound ??= [];
        if (!_inbound.TryGetValue(packetId, out var inbound))
        {
            // Of an earlier connection.
            _inbound.Add(packetId, inbound = new Inbound(null, "", null));
        }

        if (inbound.Step == InboundProgress.Releasing)
        {
            return;
        }

        if (!inbound.IsAsked)
        {
            inbound.Step = InboundProgress.Releasing;
            inbound.Order = ++_lastOrder;
            Asked();
        }

        Tell(new SessionProtocol.ReleaseInbound(Connection.ClientId, Connection.Number, packetId));
    }

    private void OnNumbered(ConnectionProtocol.InboundNumbered numbered)
    {
        if (_inbound is null || !_inbound.TryGetValue(numbered.PacketId, out var inbound) || inbound is { Packet: null } or { Numbered: not null })
        {
            return;
        }

        inbound.Numbered = numbered;
        inbound.Step = InboundProgress.Routing;
        Answered();
        LeaveInOrder();
    }

    private void AskForNumber(ushort packetId, Inbound inbound) =>
        Tell(new SessionProtocol.NumberInbound(Connection.ClientId, Connection.Number, packetId, inbound.Picks, inbound.RenewsPicks));

    private void LeaveInOrder()
    {
        while (_leaving.TryPeek(out var first) && (first.Numbered is not null || first.Packet is null) && !PicksAgain(first))
        {
            _leaving.Dequeue();
            if (first is { Packet: { } packet, Numbered: { } numbered })
            {
                Backlog.Remove(first.WaitingBytes);
                first.Packet = null;
                first.Publish!.Routed(Leave(first, packet, numbered));
            }
        }

        Connection.AcknowledgeCompleted();
    }

    /// <summary>
    /// True: a member that was picked is gone, and who takes its place is written down as well before the message leaves. Looked at when its turn has come: while it
    /// waits for those before it another member may go.
    /// </summary>
    private bool PicksAgain(Inbound inbound)
    {
        if (inbound is not { Packet: not null, Numbered: { Refusal: null, AlreadyRouted: false } numbered }
            || SharedPicks.Renew(SharedPicks.Decode(numbered.Picks), Connection.Match(inbound.Topic)) is not { } renewed)
        {
            return false;
        }

        (inbound.Picks, inbound.RenewsPicks, inbound.Numbered, inbound.Step) = (renewed.Encode(), true, null, InboundProgress.Numbering);
        Asked();
        AskForNumber(numbered.PacketId, inbound);
        return true;
    }

    private RouteResult Leave(Inbound inbound, PublishPacket packet, ConnectionProtocol.InboundNumbered numbered) => numbered switch
    {
        { Refusal: { } refusal } => new RouteResult(null, refusal),
        { AlreadyRouted: true } => new RouteResult(null, ReasonCode.Success),
        _ => Connection.Route(
            Connection.Publication(packet, inbound.Topic, numbered.Id, numbered.LowestUnreleased), numbered.PacketId, SharedPicks.Decode(numbered.Picks)),
    };

    private void OnReleased(ConnectionProtocol.InboundReleased released)
    {
        if (_inbound is null || !_inbound.TryGetValue(released.PacketId, out var inbound))
        {
            return;
        }

        // Asked twice, the first answer may be lost: the second says that there is nothing to release.
        var wasKnown = released.WasKnown || inbound.WasAskedAgain;
        Forget(released.PacketId);
        Connection.FinishInbound(PacketType.PubComp, released.PacketId, wasKnown ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound);
    }

    private void Forget(ushort packetId)
    {
        if (_inbound is not null && _inbound.Remove(packetId, out var inbound))
        {
            Backlog.Remove(inbound.WaitingBytes);
            inbound.Packet = null;
            if (inbound.IsAsked)
            {
                Answered();
            }
        }
    }

    /// <summary>A QoS 2 publish between its PUBLISH and its PUBCOMP.</summary>
    private sealed class Inbound(PublishPacket? packet, string topic, UnacknowledgedPublish? publish)
    {
        /// <summary>Until it leaves; null from then on.</summary>
        public PublishPacket? Packet { get; set; } = packet;

        public string Topic { get; } = topic;

        /// <summary>Null: it came on an earlier connection.</summary>
        public UnacknowledgedPublish? Publish { get; } = publish;

        /// <summary>The entity's answer, until it leaves.</summary>
        public ConnectionProtocol.InboundNumbered? Numbered { get; set; }

        /// <summary>As in <see cref="SessionProtocol.NumberInbound"/>.</summary>
        public byte[]? Picks { get; set; }

        /// <summary>As in <see cref="SessionProtocol.NumberInbound"/>.</summary>
        public bool RenewsPicks { get; set; }

        public InboundProgress Step { get; set; } = InboundProgress.Routed;

        /// <summary>Grows with each PUBLISH and PUBREL: messages are numbered in their order.</summary>
        public long Order { get; set; }

        /// <summary>Its release was told more than one entity, or one twice.</summary>
        public bool WasAskedAgain { get; set; }

        /// <summary>The entity owes an answer.</summary>
        public bool IsAsked => Step is InboundProgress.Numbering or InboundProgress.ForgottenAndNumbering or InboundProgress.Releasing;

        /// <summary>What it counts towards the backlog.</summary>
        public int WaitingBytes => Packet is null ? 0 : StoreBacklog.PerMessage + Packet.Payload.Length + Topic.Length;
    }
}
