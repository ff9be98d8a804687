namespace Broker.Protocol.Packets;

/// <summary>DISCONNECT (section 3.14).</summary>
public sealed class DisconnectPacket : Packet
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.Disconnect;

    /// <summary>Normal disconnection where the sender left it out.</summary>
    public ReasonCode ReasonCode { get; init; }

    /// <summary>Seconds; null: as at CONNECT. Clients only.</summary>
    public uint? SessionExpiryInterval { get; init; }

    /// <summary>For people and logs, or null.</summary>
    public string? ReasonString { get; init; }

    /// <summary>Where to connect instead, or null. Servers only.</summary>
    public string? ServerReference { get; init; }
}
