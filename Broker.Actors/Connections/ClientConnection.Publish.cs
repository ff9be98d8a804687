using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Actors.Tracing;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Actors.Connections;

/// <summary>PUBLISH from the client, and its acknowledgement.</summary>
internal sealed partial class ClientConnection
{
    /// <summary>One instance serves all: it carries nothing.</summary>
    public static readonly object PublishCompletedCommand = new ConnectionProtocol.PublishCompleted();

    /// <summary>One instance serves all: it carries nothing.</summary>
    public static readonly object LinkDrainedCommand = new ConnectionProtocol.LinkDrained();

    // PUBACKs keep the order of the QoS 1 publishes, PUBRECs that of the QoS 2 publishes [MQTT-4.6.0-2, 4.6.0-3]; neither waits for the other.
    private Queue<UnacknowledgedPublish>? _awaitingPubAck;
    private Queue<UnacknowledgedPublish>? _awaitingPubRec;
    private InboundTopicAliases? _inboundAliases;
    private CachedMatch _match;

    // Nodes that are behind and must get what this client publishes.
    private int _linkHolds;

    // QoS 1 and 2 publishes of this connection that count against our Receive Maximum (section 4.9).
    private int _receiveQuotaUsed;

    /// <summary>
    /// A publish of this connection may still reach somebody: sent again on the next connection, it would be there twice or come behind a later one (hard case 9).
    /// </summary>
    private bool IsAnyUnderWay => IsUnderWay(_awaitingPubAck) || IsUnderWay(_awaitingPubRec);

    private int UnacknowledgedCount => (_awaitingPubAck?.Count ?? 0) + (_awaitingPubRec?.Count ?? 0);

    private void OnPublish(PublishPacket packet)
    {
        Loop.Counters.Receive(packet.QoS, packet.Payload.Length);
        if (_rate is { } rate)
        {
            CountMessage(rate);
        }

        var topic = packet.Topic;
        if (packet.TopicAlias != 0 && !TryResolveAlias(packet, out topic))
        {
            return;
        }

        if (_traces is not null)
        {
            TracePublish(packet, topic);
        }

        if (packet.QoS == QualityOfService.AtMostOnce)
        {
            if (PayloadProblem(packet.Properties, packet.Payload) is { } format)
            {
                Disconnect(format.ReasonCode, format.Message);
            }
            else if (TopicProblem(topic) is { } refusal)
            {
                OnRefused(topic, refusal.ReasonCode, refusal.Message);
            }
            else
            {
                PublishAtMostOnce(packet, topic);
            }

            return;
        }

        if (!TryUseReceiveQuota(packet))
        {
            return;
        }

        if ((TopicProblem(topic) ?? PayloadProblem(packet.Properties, packet.Payload)) is { } problem)
        {
            RefusePublish(packet, topic, problem.ReasonCode, problem.Message);
        }
        else if (packet.QoS == QualityOfService.AtLeastOnce)
        {
            var publication = Publication(packet, topic);
            var result = Route(publication, packet.PacketId);
            if (result.Pending is null && _awaitingPubAck is not { Count: > 0 })
            {
                FinishPublish(packet.PacketId, result.ReasonCode, publication.Stamp);
            }
            else
            {
                Await(new UnacknowledgedPublish(packet.PacketId, packet.QoS, publication.Stamp)).Routed(result);
            }
        }
        else
        {
            _session!.PublishExactlyOnce(packet, topic);
        }
    }

    private void PublishAtMostOnce(PublishPacket packet, string topic)
    {
        if (packet.Retain)
        {
            Route(Publication(packet, topic), 0);
            return;
        }

        var publication = Loop.Lend(packet, topic, ExpiresAt(packet), ClientId);
        Route(publication, 0);
        Loop.TakeBack(publication);
    }

    /// <summary>Sends the message on its way, and holds the client where other event loops, or the store that it needs, are behind.</summary>
    internal RouteResult Route(Publication publication, ushort packetId, SharedPicks? picks = null)
    {
        var result = _context.Router.Route(Loop, publication, this, packetId, ref _match, picks);
        if (publication.Stamp != PublishTimes.NotMeasured)
        {
            Loop.Times.OnRouted(publication);
        }

        if (_traces is not null)
        {
            TraceRouted(publication, packetId);
        }

        if (_context.Loops.IsCongested)
        {
            Hold(Loop.Connections.ForLoops);
        }

        if (result.NeedsStore)
        {
            HoldForStore();
        }

        return result;
    }

    /// <summary>Who would get a message of this topic now.</summary>
    internal MatchResult Match(string topic)
    {
        _match.Refresh(_context.Routes.Tree, _context.Access, topic);
        return _match.Result;
    }

    /// <summary>A node that the client's messages must reach is behind; <see cref="LinkDrainedCommand"/> ends it, once for each call.</summary>
    internal void HoldForLink()
    {
        _linkHolds++;
        Hold(HoldReasons.Link);
    }

    private void ReleaseFromLink()
    {
        if (--_linkHolds == 0)
        {
            Release(HoldReasons.Link);
        }
    }

    /// <summary>The message of a packet.</summary>
    internal Publication Publication(PublishPacket packet, string topic, MessageId id = default, long lowestUnreleased = 0) => new()
    {
        Topic = topic,
        Payload = packet.IsPayloadLent ? packet.Payload.ToArray() : packet.Payload,
        QoS = packet.QoS,
        Retain = packet.Retain,
        Properties = packet.Properties,
        ExpiresAt = ExpiresAt(packet),
        ClientId = ClientId,
        Id = id,
        LowestUnreleased = lowestUnreleased,
        Stamp = Loop.Stamp(packet.Properties),
    };

    private long ExpiresAt(PublishPacket packet) =>
        packet.Properties?.MessageExpiryInterval is { } seconds ? Loop.UtcNow + (seconds * 1000L) : Routing.Publication.Never;

    /// <summary>Queues an acknowledgement behind the earlier ones of its kind.</summary>
    internal UnacknowledgedPublish Await(UnacknowledgedPublish publish)
    {
        ref var queue = ref publish.QoS == QualityOfService.AtLeastOnce ? ref _awaitingPubAck : ref _awaitingPubRec;
        (queue ??= new Queue<UnacknowledgedPublish>()).Enqueue(publish);
        if (UnacknowledgedCount >= _context.Limits.ReceiveMaximum && !IsVersion5)
        {
            Hold(HoldReasons.Unacknowledged);
        }

        return publish;
    }

    /// <summary>Acknowledges all publishes of each kind, from its first on, that are complete.</summary>
    internal void AcknowledgeCompleted()
    {
        if (AcknowledgeCompleted(_awaitingPubAck) && AcknowledgeCompleted(_awaitingPubRec) && UnacknowledgedCount <= _context.Limits.ReceiveMaximum / 2)
        {
            Release(HoldReasons.Unacknowledged);
        }
    }

    /// <summary>False: one of them ended the connection.</summary>
    private bool AcknowledgeCompleted(Queue<UnacknowledgedPublish>? queue)
    {
        while (queue is not null && queue.TryPeek(out var publish) && publish.IsComplete)
        {
            queue.Dequeue();
            if (publish.ReasonCode == ReasonCode.UnspecifiedError && !IsVersion5)
            {
                // MQTT 3 knows no refusal of a publish: without an acknowledgement the client sends it again on its next connection.
                Disconnect(ReasonCode.UnspecifiedError, "a message could not be stored");
                return false;
            }

            if (publish.QoS == QualityOfService.AtLeastOnce)
            {
                FinishPublish(publish.PacketId, publish.ReasonCode, publish.Stamp);
            }
            else
            {
                _session?.OnExactlyOnceRouted(publish);
                Receive(publish.PacketId, publish.ReasonCode);
            }
        }

        return true;
    }

    /// <summary>PUBREC; one with an error ends the exchange (section 4.3.3).</summary>
    internal void Receive(ushort packetId, ReasonCode reasonCode)
    {
        if (reasonCode >= ReasonCode.UnspecifiedError && IsVersion5)
        {
            _session!.ForgetInbound(packetId);
            FinishInbound(PacketType.PubRec, packetId, reasonCode);
        }
        else
        {
            WriteAcknowledgement(PacketType.PubRec, packetId, reasonCode);
        }
    }

    private void FinishPublish(ushort packetId, ReasonCode reasonCode, uint stamp)
    {
        FinishInbound(PacketType.PubAck, packetId, reasonCode);
        if (stamp != PublishTimes.NotMeasured)
        {
            Loop.Times.OnAcknowledged(stamp);
        }
    }

    /// <summary>The last packet of an inbound exchange: the client may send one more.</summary>
    internal void FinishInbound(PacketType type, ushort packetId, ReasonCode reasonCode)
    {
        if (_receiveQuotaUsed > 0)
        {
            _receiveQuotaUsed--;
        }

        WriteAcknowledgement(type, packetId, reasonCode);
    }

    private static bool IsUnderWay(Queue<UnacknowledgedPublish>? queue)
    {
        if (queue is not null)
        {
            foreach (var publish in queue)
            {
                if (publish.IsUnderWay)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private void OnRelease(PubRelPacket release) => _session!.Release(release.PacketId);

    internal void WriteAcknowledgement(PacketType type, ushort packetId, ReasonCode reasonCode)
    {
        if (_traces is not null)
        {
            TraceAcknowledgement(type, packetId, reasonCode);
        }

        Loop.Counters.PacketsSent++;
        AcknowledgementEncoder.Write(_channel.Output, type, packetId, reasonCode, _channel.Version);
        Loop.Touch(this);
    }

    private bool TryUseReceiveQuota(PublishPacket packet)
    {
        if (packet.QoS == QualityOfService.ExactlyOnce && _session!.IsUnreleased(packet.PacketId))
        {
            return true;
        }

        if (++_receiveQuotaUsed > _context.Limits.ReceiveMaximum && IsVersion5)
        {
            Disconnect(ReasonCode.ReceiveMaximumExceeded, $"more than {_context.Limits.ReceiveMaximum} unacknowledged publishes [MQTT-3.3.4-7]");
            return false;
        }

        return true;
    }

    private bool TryResolveAlias(PublishPacket packet, out string topic)
    {
        _inboundAliases ??= new InboundTopicAliases(_context.Limits.TopicAliasMaximum);
        var reasonCode = _inboundAliases.Resolve(packet.Topic, packet.TopicAlias, out topic);
        if (reasonCode == ReasonCode.Success)
        {
            return true;
        }

        Disconnect(
            reasonCode, $"topic alias {packet.TopicAlias} is above {_context.Limits.TopicAliasMaximum}, or was not set [MQTT-3.3.2-9]");
        return false;
    }

    /// <summary>What forbids publishing to the topic, or null.</summary>
    private (ReasonCode ReasonCode, string Message)? TopicProblem(string topic)
    {
        if (topic.StartsWith("$SYS/", StringComparison.Ordinal) || topic == "$SYS")
        {
            return (ReasonCode.TopicNameInvalid, "topics under $SYS are the broker's own");
        }

        if (TopicLimits.Problem(topic, _context.Limits) is { } limit)
        {
            return (ReasonCode.TopicNameInvalid, limit);
        }

        return _access is null || _access.MayPublish(topic)
            ? null
            : (_context.RefusedByRule, $"a rule of mqtt.security.authorization denies publishing to {topic.Shortened()}");
    }

    /// <summary>Where it is checked: text that is none [section 3.3.2.3.2], or null.</summary>
    private (ReasonCode ReasonCode, string Message)? PayloadProblem(PublishProperties? properties, ReadOnlyMemory<byte> payload) =>
        _context.Limits.CheckPayloadFormat && properties?.PayloadIsUtf8 == true && !System.Text.Unicode.Utf8.IsValid(payload.Span)
            ? (ReasonCode.PayloadFormatInvalid, "the payload is said to be text and is not UTF-8")
            : null;

    private void OnRefused(string topic, ReasonCode reasonCode, string problem)
    {
        ConnectionLog.PublishRefused(_context.Logger, _shownClientId, RemoteAddress, reasonCode, problem);
        if (_traces is not null)
        {
            var rule = _access?.MayPublish(topic) == false ? Ruled(problem, _access.Rules.Publishing(topic)) : problem;
            Trace(TraceEvents.Refused, topic, reasonCode, rule);
        }
    }

    private void RefusePublish(PublishPacket packet, string topic, ReasonCode reasonCode, string problem)
    {
        OnRefused(topic, reasonCode, problem);
        var publish = Await(new UnacknowledgedPublish(packet.PacketId, packet.QoS));
        publish.Routed(new RouteResult(null, IsVersion5 ? reasonCode : ReasonCode.Success));
        AcknowledgeCompleted();
    }
}
