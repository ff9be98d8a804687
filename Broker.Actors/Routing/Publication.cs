using Broker.Protocol.Packets;

namespace Broker.Actors.Routing;

/// <summary>
/// An application message inside the broker: immutable, shared by everything that delivers it. Its payload was copied
/// once, when it was read.
/// </summary>
public sealed class Publication
{
    private PublishFrame? _frameV3;
    private PublishFrame? _frameV3Acknowledged;
    private PublishFrame? _frameV5;
    private PublishFrame? _frameV5Acknowledged;

    /// <summary>A valid topic name.</summary>
    public required string Topic { get; init; }

    /// <summary>May be empty.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>As published; a subscriber gets the lower of this and its own.</summary>
    public QualityOfService QoS { get; init; }

    /// <summary>As published.</summary>
    public bool Retain { get; init; }

    /// <summary>Forwarded properties, or null; the expiry in it counts from <see cref="ExpiresAt"/>.</summary>
    public PublishProperties? Properties { get; init; }

    /// <summary>When the message is no longer delivered, in milliseconds since 1970 UTC; <see cref="Never"/> for not at all.</summary>
    public long ExpiresAt { get; init; } = Never;

    /// <summary>The publisher's client id, for No Local; null where the broker itself published.</summary>
    public string? ClientId { get; init; }

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

    /// <summary>
    /// The encoded PUBLISH, the same for every subscriber of that version and kind, whose packet id and first byte are
    /// patched after copying. Two threads may encode it at the same time; either result serves.
    /// </summary>
    internal PublishFrame Frame(bool version5, bool acknowledged)
    {
        ref var frame = ref version5
            ? ref acknowledged ? ref _frameV5Acknowledged : ref _frameV5
            : ref acknowledged ? ref _frameV3Acknowledged : ref _frameV3;
        return Volatile.Read(ref frame) ?? (frame = PublishFrame.Encode(this, version5, acknowledged));
    }
}
