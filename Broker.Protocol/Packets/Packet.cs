namespace Broker.Protocol.Packets;

/// <summary>
/// A control packet, without regard to the protocol version: what a version cannot express is absent when it is
/// decoded and left out when it is encoded. Only the codec knows versions.
/// </summary>
public abstract class Packet
{
    private static readonly IReadOnlyList<UserProperty> None = [];

    /// <summary>The type, as in the fixed header.</summary>
    public abstract PacketType Type { get; }

    /// <summary>User properties in the order received; empty for MQTT 3.</summary>
    public IReadOnlyList<UserProperty> UserProperties { get; init; } = None;
}
