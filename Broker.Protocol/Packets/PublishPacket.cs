using Broker.Protocol.Codec;

namespace Broker.Protocol.Packets;

/// <summary>PUBLISH (section 3.3).</summary>
public sealed class PublishPacket : Packet
{
    /// <summary>Bytes of the largest payload that a packet lends with itself.</summary>
    internal const int LargestLentPayload = 4096;

    private string _topic = "";
    private ReadOnlyMemory<byte> _payload;
    private QualityOfService _qos;
    private bool _retain;
    private bool _duplicate;
    private ushort _packetId;
    private ushort _topicAlias;
    private IReadOnlyList<uint>? _subscriptionIdentifiers;
    private PublishProperties? _properties;
    private byte[]? _lentPayload;

    /// <inheritdoc/>
    public override PacketType Type => PacketType.Publish;

    /// <summary>A valid topic name; empty only where <see cref="TopicAlias"/> stands for it.</summary>
    public required string Topic { get => _topic; init => _topic = value; }

    /// <summary>It stays valid after the read buffer is gone; where <see cref="IsPayloadLent"/>, no longer than the packet.</summary>
    public ReadOnlyMemory<byte> Payload { get => _payload; init => _payload = value; }

    /// <summary>QoS of this transfer.</summary>
    public QualityOfService QoS { get => _qos; init => _qos = value; }

    /// <summary>RETAIN flag.</summary>
    public bool Retain { get => _retain; init => _retain = value; }

    /// <summary>DUP flag; never set at QoS 0.</summary>
    public bool Duplicate { get => _duplicate; init => _duplicate = value; }

    /// <summary>1 to 65,535 at QoS 1 and 2; 0 at QoS 0.</summary>
    public ushort PacketId { get => _packetId; init => _packetId = value; }

    /// <summary>1 to 65,535, or 0 where absent. Means something on one connection only.</summary>
    public ushort TopicAlias { get => _topicAlias; init => _topicAlias = value; }

    /// <summary>Server to client only: identifiers of the subscriptions that caused it, 1 to 268,435,455; null when none.</summary>
    public IReadOnlyList<uint>? SubscriptionIdentifiers { get => _subscriptionIdentifiers; init => _subscriptionIdentifiers = value; }

    /// <summary>What travels with the application message from publisher to subscriber; null when there is nothing.</summary>
    public PublishProperties? Properties { get => _properties; init => _properties = value; }

    /// <summary>Whether the payload, as the packet, is the decoder's again when the call that brought it returns.</summary>
    public bool IsPayloadLent { get; private set; }

    /// <summary>From now on it is a lent one that says this. The payload is copied: at QoS 0, which is mostly passed on at once, to where the last one was.</summary>
    internal PublishPacket Lend(
        string topic,
        ReadOnlySpan<byte> payload,
        FirstByte header,
        ushort packetId,
        ushort topicAlias,
        IReadOnlyList<uint>? subscriptionIdentifiers,
        PublishProperties? properties)
    {
        IsLent = true;
        (_topic, _qos, _retain, _duplicate, _packetId) = (topic, header.QoS, header.Retain, header.Duplicate, packetId);
        (_topicAlias, _subscriptionIdentifiers, _properties) = (topicAlias, subscriptionIdentifiers, properties);
        IsPayloadLent = header.QoS == QualityOfService.AtMostOnce && payload.Length <= LargestLentPayload;
        if (IsPayloadLent)
        {
            _lentPayload ??= new byte[LargestLentPayload];
            payload.CopyTo(_lentPayload);
            _payload = _lentPayload.AsMemory(0, payload.Length);
        }
        else
        {
            _payload = payload.ToArray();
        }

        return this;
    }

    private protected override void Clear()
    {
        _topic = "";
        _payload = default;
        _subscriptionIdentifiers = null;
        _properties = null;
    }
}
