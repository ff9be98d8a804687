namespace Broker.Protocol.Packets;

/// <summary>SUBSCRIBE (section 3.8).</summary>
public sealed class SubscribePacket : Packet
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.Subscribe;

    /// <summary>1 to 65,535.</summary>
    public required ushort PacketId { get; init; }

    /// <summary>1 to 268,435,455, or null.</summary>
    public uint? SubscriptionIdentifier { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<SubscriptionRequest> Subscriptions { get; init; }
}
