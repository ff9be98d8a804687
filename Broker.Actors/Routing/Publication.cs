using Broker.Protocol.Packets;

namespace Broker.Actors.Routing;

/// <summary>
/// An application message inside the broker: immutable, shared by everything that delivers it. Its payload was copied
/// once, when it was read. One that an event loop lends is that loop's again once it has been routed, object and payload, unless somebody
/// calls <see cref="Keep"/> before: a QoS 0 message that goes to sockets of the same loop leaves no garbage.
/// </summary>
public sealed class Publication
{
    private string _topic = "";
    private ReadOnlyMemory<byte> _payload;
    private QualityOfService _qos;
    private bool _isLent;
    private bool _isPayloadLent;
    private PublishProperties? _properties;
    private long _expiresAt = Never;
    private string? _clientId;

    // The last one made, linked to those before: there are four kinds, and mostly none or one of them.
    private PublishFrame? _frames;

    /// <summary>A valid topic name.</summary>
    public required string Topic { get => _topic; init => _topic = value; }

    /// <summary>May be empty.</summary>
    public required ReadOnlyMemory<byte> Payload { get => _payload; init => _payload = value; }

    /// <summary>As published; a subscriber gets the lower of this and its own.</summary>
    public QualityOfService QoS { get => _qos; init => _qos = value; }

    /// <summary>As published.</summary>
    public bool Retain { get; init; }

    /// <summary>Forwarded properties, or null; the expiry in it counts from <see cref="ExpiresAt"/>.</summary>
    public PublishProperties? Properties { get => _properties; init => _properties = value; }

    /// <summary>When the message is no longer delivered, in milliseconds since 1970 UTC; <see cref="Never"/> for not at all.</summary>
    public long ExpiresAt { get => _expiresAt; init => _expiresAt = value; }

    /// <summary>The publisher's client id, for No Local; null where the broker itself published.</summary>
    public string? ClientId { get => _clientId; init => _clientId = value; }

    /// <summary>Stays the same when the message is sent again; default where nobody needs to tell doubles apart.</summary>
    public MessageId Id { get; init; }

    /// <summary>With <see cref="Id"/>: no message of the same origin with a number below this will be sent again.</summary>
    public long LowestUnreleased { get; init; }

    /// <summary>Whether it is about this node alone, as <c>$SYS/broker</c> is: other nodes have their own.</summary>
    public bool IsOfThisNode { get; init; }

    /// <summary>
    /// The number that this node gave its retained write, or, of a message that a link has brought, the publisher's node; 0: it is none. Set before anybody else
    /// sees the message.
    /// </summary>
    internal long RetainedNumber { get; set; }

    /// <summary>When it was read, where it is measured how long it takes; it lies where the object had room. <see cref="Connections.PublishTimes"/>.</summary>
    internal uint Stamp { get; set; }

    /// <summary>The value of <see cref="ExpiresAt"/> without an expiry.</summary>
    public const long Never = long.MaxValue;

    /// <summary>Bytes that count towards queue limits.</summary>
    public int Size => Payload.Length + Topic.Length;

    /// <summary>Whether it expired by <paramref name="now"/>, in milliseconds since 1970 UTC.</summary>
    public bool IsExpired(long now) => now >= ExpiresAt;

    /// <summary>What is left of the Message Expiry Interval, in whole seconds, at least 1; null without an expiry [MQTT-3.3.2-6].</summary>
    public uint? RemainingExpiry(long now) =>
        ExpiresAt == Never ? null : (uint)Math.Clamp((ExpiresAt - now + 999) / 1000, 1, uint.MaxValue);

    /// <summary>A message that says nothing yet, for <see cref="Lend"/>.</summary>
    internal static Publication Blank() => new() { Topic = "", Payload = default };

    /// <summary>From now on, and until <see cref="TakeBack"/>, it is the message of a packet at QoS 0 that is not to be retained.</summary>
    internal Publication Lend(PublishPacket packet, string topic, long expiresAt, string clientId, uint stamp)
    {
        (_isLent, _isPayloadLent) = (true, packet.IsPayloadLent);
        (_topic, _payload, _properties) = (topic, packet.Payload, packet.Properties);
        (_expiresAt, _clientId, Stamp) = (expiresAt, clientId, stamp);
        return this;
    }

    /// <summary>It stays as it is from now on. For whoever holds it when the call that brought it returns, on the loop that lends it.</summary>
    internal void Keep()
    {
        if (_isPayloadLent)
        {
            _payload = _payload.ToArray();
            _isPayloadLent = false;
        }

        _isLent = false;
    }

    /// <summary>Ends the lending. False: somebody keeps it. It says nothing afterwards, so that whoever holds it without keeping it finds out.</summary>
    internal bool TakeBack()
    {
        if (!_isLent)
        {
            return false;
        }

        (_topic, _payload, _properties, _clientId) = ("", default, null, null);
        _frames = null;
        return true;
    }

    /// <summary>
    /// The encoded PUBLISH, the same for every subscriber of that version and kind, whose packet id and first byte are
    /// patched after copying. Two threads may encode it at the same time; either result serves.
    /// </summary>
    internal PublishFrame Frame(bool version5, bool acknowledged)
    {
        var made = Volatile.Read(ref _frames);
        for (var frame = made; frame is not null; frame = frame.Next)
        {
            if (frame.IsFor(version5, acknowledged))
            {
                return frame;
            }
        }

        return _frames = PublishFrame.Encode(this, version5, acknowledged, made);
    }
}
