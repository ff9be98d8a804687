namespace Broker.Protocol.Packets;

/// <summary>What PUBACK, PUBREC, PUBREL and PUBCOMP have in common.</summary>
public abstract class AcknowledgementPacket : Packet
{
    private ushort _packetId;

    /// <summary>1 to 65,535.</summary>
    public required ushort PacketId { get => _packetId; init => _packetId = value; }

    /// <summary>Success where the sender left it out.</summary>
    public ReasonCode ReasonCode { get; init; }

    /// <summary>For people and logs, or null.</summary>
    public string? ReasonString { get; init; }

    /// <summary>From now on it is a lent one with this packet id.</summary>
    internal AcknowledgementPacket Lend(ushort packetId)
    {
        (IsLent, _packetId) = (true, packetId);
        return this;
    }

    private protected override void Clear() => _packetId = 0;
}
