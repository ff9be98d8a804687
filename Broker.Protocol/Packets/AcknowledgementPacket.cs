namespace Broker.Protocol.Packets;

/// <summary>What PUBACK, PUBREC, PUBREL and PUBCOMP have in common.</summary>
public abstract class AcknowledgementPacket : Packet
{
    /// <summary>1 to 65,535.</summary>
    public required ushort PacketId { get; init; }

    /// <summary>Success where the sender left it out.</summary>
    public ReasonCode ReasonCode { get; init; }

    /// <summary>For people and logs, or null.</summary>
    public string? ReasonString { get; init; }
}
