using Broker.Actors.Hosting;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Actors.Tracing;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Actors.Connections;

/// <summary>Messages to the client.</summary>
internal sealed partial class ClientConnection
{
    [ThreadStatic]
    private static List<Delivery>? _droppedHere;

    private uint _maximumPacketSize = uint.MaxValue;
    private bool _reportsProblems = true;
    private OutboundTopicAliases? _outboundAliases;

    // QoS 0 that a client who reads too slowly has not got yet; the oldest goes first.
    private OutboundQueue<Delivery>? _waiting;

    /// <summary>QoS 0 messages that wait for the client to read, and their bytes. Any thread.</summary>
    internal (int Messages, long Bytes) Waiting => _waiting is { } waiting ? (waiting.Count, waiting.Bytes) : default;

    /// <summary>Whether the socket takes more now. Where output has only gathered in this round, it is flushed first.</summary>
    internal bool CanWrite
    {
        get
        {
            if (_channel.IsWritable)
            {
                return true;
            }

            if (Loop.MayServe)
            {
                _channel.Flush();
            }

            return _channel.IsWritable;
        }
    }

    /// <summary>A message for this connection's client, from the router of any loop, on this one.</summary>
    public void Deliver(in Delivery delivery)
    {
        if (_phase != Phase.Connected)
        {
            Drop(delivery.Publication, DropReason.SessionEnded);
        }
        else if (delivery.QoS != QualityOfService.AtMostOnce)
        {
            _session!.Deliver(delivery);
        }
        else if (_waiting is not { Count: > 0 } && CanWrite)
        {
            WritePublish(delivery, 0, duplicate: false);
        }
        else
        {
            Wait(delivery);
        }
    }

    /// <summary>
    /// Encodes a PUBLISH. False: it is larger than the client takes, or a rule does not let the client have it (now: it may have waited since it was matched), and
    /// counts as delivered [MQTT-3.1.2-25].
    /// </summary>
    internal bool WritePublish(in Delivery delivery, ushort packetId, bool duplicate)
    {
        var publication = delivery.Publication;
        if (_access is not null && !_access.MayReceive(publication.Topic))
        {
            if (_traces is not null)
            {
                Trace(TraceEvents.Dropped, publication.Topic, ReasonCode.Success, Ruled("a rule denies it", _access.Rules.Receiving(publication.Topic)));
            }

            return false;
        }

        var alias = _outboundAliases is null ? TopicAliasUse.None : _outboundAliases.Use(publication.Topic);
        var isShared = delivery.Shareable && alias.Alias == 0 && delivery.SubscriptionIdentifiers is null && publication.ExpiresAt == Routing.Publication.Never;
        if (isShared)
        {
            var frame = publication.Frame(IsVersion5, delivery.QoS != QualityOfService.AtMostOnce);
            if (frame.Length > _maximumPacketSize)
            {
                return TooLarge(publication);
            }

            frame.CopyTo(_channel.Output, delivery.QoS, delivery.Retain, duplicate, packetId);
        }
        else if (!TryEncode(delivery, packetId, duplicate, alias))
        {
            // The client never learns the alias.
            if (alias is { SendTopic: true, Alias: not 0 })
            {
                _outboundAliases!.Withdraw(alias.Alias);
            }

            return TooLarge(publication);
        }

        if (_traces is not null)
        {
            TraceSent(delivery, packetId, duplicate);
        }

        // A retained message has its age, which says nothing of how fast the broker is.
        if (publication.Stamp != PublishTimes.NotMeasured && !delivery.Retain)
        {
            Measure(publication.Stamp);
        }

        Loop.Counters.Send(delivery.QoS, publication.Payload.Length);
        Loop.Counters.PacketsSent++;
        Loop.Touch(this);
        return true;
    }

    /// <summary>Sends the packet; one that is too large for the client is discarded [MQTT-3.1.2-24].</summary>
    internal void Write(Packet packet)
    {
        if (!Fits(packet))
        {
            return;
        }

        if (_traces is not null)
        {
            TraceSent(packet);
        }

        Loop.Counters.PacketsSent++;
        PacketEncoder.Write(_channel.Output, packet, _channel.Version);
        Loop.Touch(this);
    }

    private bool Fits(Packet packet) =>
        _maximumPacketSize == uint.MaxValue || PacketEncoder.GetSize(packet, _channel.Version) <= _maximumPacketSize;

    private bool TryEncode(in Delivery delivery, ushort packetId, bool duplicate, TopicAliasUse alias)
    {
        var publication = delivery.Publication;
        var topic = alias.SendTopic ? publication.Topic : "";
        var expiry = publication.ExpiresAt == Routing.Publication.Never ? null : publication.RemainingExpiry(Loop.UtcNow);
        if (_maximumPacketSize != uint.MaxValue)
        {
            var size = PublishEncoder.GetSize(
                topic, publication.Payload, delivery.QoS, delivery.Retain, duplicate, packetId, alias.Alias,
                delivery.SubscriptionIdentifiers, publication.Properties, expiry, Version);
            if (size > _maximumPacketSize)
            {
                return false;
            }
        }

        PublishEncoder.Write(
            _channel.Output, topic, publication.Payload, delivery.QoS, delivery.Retain, duplicate, packetId, alias.Alias,
            delivery.SubscriptionIdentifiers, publication.Properties, expiry, Version);
        return true;
    }

    private bool TooLarge(Publication publication)
    {
        Drop(publication, DropReason.PacketTooLarge);
        ConnectionLog.TooLargeForClient(_context.Logger, _shownClientId, publication.Topic.Shortened(), publication.Payload.Length, _maximumPacketSize);
        return false;
    }

    /// <summary>What waited in a queue until the client came says nothing of how fast the broker is.</summary>
    private void Measure(uint stamp)
    {
        if (Loop.Times.Since(stamp) * 1_000 <= Loop.UtcNow - _connectedAt)
        {
            Loop.Written(stamp);
        }
    }

    /// <summary>The client does not get a message.</summary>
    internal void Drop(Publication publication, DropReason reason)
    {
        Loop.Counters.Drop(reason);
        if (_traces is not null)
        {
            Trace(TraceEvents.Dropped, publication.Topic, ReasonCode.Success, reason.Name());
        }
    }

    /// <summary>The client does not get these; the list is empty then.</summary>
    internal void Drop(List<Delivery> dropped, DropReason reason)
    {
        foreach (var delivery in dropped)
        {
            Drop(delivery.Publication, reason);
        }

        dropped.Clear();
    }

    private void Wait(in Delivery delivery)
    {
        delivery.Publication.Keep();
        _waiting ??= new OutboundQueue<Delivery>(maxMessages: 0, _context.Limits.MaxOutboundBuffer, QueueFullPolicy.DropOldest);
        var dropped = _droppedHere ??= [];
        TraceQueued(delivery.Publication, _waiting.Enqueue(delivery, delivery.Publication.Size, dropped), "the client reads too slowly");
        Drop(dropped, DropReason.SlowConsumer);
    }

    /// <summary>The socket takes more: first what the session holds, then QoS 0.</summary>
    private void PumpWaiting()
    {
        if (_phase != Phase.Connected)
        {
            return;
        }

        _session!.Pump();
        while (_waiting is { Count: > 0 } && CanWrite && _waiting.TryDequeue(out var delivery))
        {
            if (delivery.Publication.IsExpired(Loop.UtcNow))
            {
                Drop(delivery.Publication, DropReason.Expired);
            }
            else
            {
                WritePublish(delivery, 0, duplicate: false);
            }
        }
    }
}
