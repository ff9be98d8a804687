using Broker.Actors.Routing;
using Broker.Actors.Security;
using Broker.Actors.Sessions;
using Broker.Actors.Tracing;
using Broker.Protocol.Packets;

namespace Broker.Actors.Connections;

/// <summary>What operators see who trace the client, its address, or messages that it sends or gets: called only where <see cref="_traces"/> has some.</summary>
internal sealed partial class ClientConnection
{
    // Those that may want something of this connection; null: none, and all that a packet pays is to see that.
    private NodeTrace[]? _traces;

    private string TracedId => ClientId.Length > 0 ? ClientId : _connect?.ClientId ?? "";

    /// <summary>Looks again at which traces concern it.</summary>
    internal void Retrace() => _traces = _phase == Phase.Closed ? null : _context.Traces.For(TracedId, RemoteAddress);

    /// <summary>A message waits for the client.</summary>
    internal void TraceQueued(Publication publication, bool isQueued, string reason)
    {
        if (isQueued && _traces is not null)
        {
            Trace(TraceEvents.Queued, publication.Topic, ReasonCode.Success, reason);
        }
    }

    private void TraceOpened()
    {
        Retrace();
        if (_traces is not null)
        {
            Trace(TraceEvents.Opened, topic: null, ReasonCode.Success, "on " + Listener);
        }
    }

    /// <summary>Now it is known who it is. Neither the password nor what an authentication method sends is looked at.</summary>
    private void TraceConnect(ConnectPacket packet)
    {
        Retrace();
        if (_traces is not null)
        {
            Record(null, () => Line(TraceEvents.Received) with
            {
                Packet = TraceText.Name(packet.Type),
                Topic = TraceText.Cut(packet.Will?.Topic),
                Reason = TraceText.Cut(
                    $"{Inspection.Names.Of(packet.Version)}, user {packet.UserName ?? "none"}, keep alive {packet.KeepAlive} s, clean {(packet.CleanStart ? "yes" : "no")}, "
                    + $"session expiry {packet.SessionExpiryInterval ?? 0} s{(packet.Will is null ? "" : ", with a will")}"),
            });
        }
    }

    /// <summary>CONNECT and PUBLISH are told once it is known whose, and of which topic, they are.</summary>
    private void TraceReceived(Packet packet)
    {
        if (packet is not (ConnectPacket or PublishPacket))
        {
            Record(null, () => Describe(packet, Line(TraceEvents.Received)));
        }
    }

    private void TracePublish(PublishPacket packet, string topic) => Record(topic, () => Line(TraceEvents.Received) with
    {
        Packet = TraceText.Name(PacketType.Publish),
        PacketId = Id(packet.PacketId),
        Topic = TraceText.Cut(topic),
        QoS = (int)packet.QoS,
        Bytes = packet.Payload.Length,
        Retain = Flag(packet.Retain),
        Duplicate = Flag(packet.Duplicate),
        Reason = packet.TopicAlias == 0 ? null : $"topic alias {packet.TopicAlias}",
    });

    private void TraceSent(Packet packet) => Record(null, () => Describe(packet, Line(TraceEvents.Sent)));

    private void TraceAcknowledgement(PacketType type, ushort packetId, ReasonCode reasonCode) => Record(null, () => Line(TraceEvents.Sent) with
    {
        Packet = TraceText.Name(type),
        PacketId = packetId,
        ReasonCode = TraceText.Show(reasonCode),
    });

    private void TraceSent(Delivery delivery, ushort packetId, bool duplicate) => Record(delivery.Publication.Topic, () => Line(TraceEvents.Sent) with
    {
        Packet = TraceText.Name(PacketType.Publish),
        PacketId = Id(packetId),
        Topic = TraceText.Cut(delivery.Publication.Topic),
        QoS = (int)delivery.QoS,
        Bytes = delivery.Publication.Payload.Length,
        Retain = Flag(delivery.Retain),
        Duplicate = Flag(duplicate),
        Reason = delivery.Publication.ClientId is { } publisher ? TraceText.Cut($"of {publisher}") : null,
    });

    private void TraceRouted(Publication publication, ushort packetId)
    {
        var match = _match.Result;
        Record(publication.Topic, () => Line(TraceEvents.Routed) with
        {
            PacketId = Id(packetId),
            Topic = TraceText.Cut(publication.Topic),
            Reason = match.IsEmpty
                ? "nobody subscribes to it"
                : $"{match.Recipients.Count(static one => one.Subscriber.IsLive)} live sessions here, "
                    + $"{match.Recipients.Count(static one => !one.Subscriber.IsLive)} durable sessions, {match.Groups.Length} shared groups, {match.Nodes.Length} other nodes",
        });
    }

    private void TraceRefusedFilter(string filter, ReasonCode reasonCode, string reason) => Record(null, () => Line(TraceEvents.Refused) with
    {
        Packet = TraceText.Name(PacketType.Subscribe),
        Filters = TraceText.Cut([filter]),
        ReasonCode = TraceText.Show(reasonCode),
        Reason = TraceText.Cut(reason),
    });

    private void TraceHold(string what, HoldReasons reason) => Trace(what, topic: null, ReasonCode.Success, reason.Name());

    private void Trace(string what, string? topic, ReasonCode reasonCode, string reason) => Record(topic, () => Line(what) with
    {
        Topic = TraceText.Cut(topic),
        ReasonCode = TraceText.Show(reasonCode),
        Reason = TraceText.Cut(reason),
    });

    private void Record(string? topic, Func<TraceLine> make) => NodeTraces.Record(_traces!, topic, make);

    private TraceLine Line(string what) => new()
    {
        Time = _context.Time.GetUtcNow(),
        Node = _context.Traces.Node,
        Event = what,
        ClientId = TracedId is { Length: > 0 } id ? TraceText.Cut(id) : null,
        Address = RemoteAddress.ToString(),
    };

    private static string Ruled(string problem, AccessRule? rule) => $"{problem}: {(rule is null ? "no rule allows it" : AccessRuleText.Of(rule))}";

    /// <summary>What is no message.</summary>
    private static TraceLine Describe(Packet packet, TraceLine line)
    {
        line = line with { Packet = TraceText.Name(packet.Type) };
        return packet switch
        {
            AcknowledgementPacket one => line with { PacketId = one.PacketId, ReasonCode = TraceText.Show(one.ReasonCode), Reason = TraceText.Cut(one.ReasonString) },
            SubscribePacket one => line with { PacketId = one.PacketId, Filters = TraceText.Cut(one.Subscriptions.Select(static wanted => wanted.Filter)), Count = one.Subscriptions.Count },
            UnsubscribePacket one => line with { PacketId = one.PacketId, Filters = TraceText.Cut(one.Filters), Count = one.Filters.Count },
            SubAckPacket one => line with { PacketId = one.PacketId, ReasonCode = TraceText.Show(one.ReasonCodes) },
            UnsubAckPacket one => line with { PacketId = one.PacketId, ReasonCode = TraceText.Show(one.ReasonCodes) },
            ConnAckPacket one => line with
            {
                ReasonCode = TraceText.Show(one.ReasonCode),
                Reason = TraceText.Cut(one.ReasonString ?? (one.SessionPresent ? "the session goes on" : null)),
            },
            DisconnectPacket one => line with { ReasonCode = TraceText.Show(one.ReasonCode), Reason = TraceText.Cut(one.ReasonString) },
            AuthPacket one => line with { ReasonCode = TraceText.Show(one.ReasonCode), Reason = TraceText.Cut(one.AuthenticationMethod) },
            _ => line,
        };
    }

    private static int? Id(ushort packetId) => packetId == 0 ? null : packetId;

    private static bool? Flag(bool isSet) => isSet ? true : null;
}
