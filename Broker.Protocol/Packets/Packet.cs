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

    /// <summary>
    /// Whether it is the decoder's again when the call that brought it returns, and means something else then: <see cref="Codec.PacketDecoder.Lends"/>.
    /// </summary>
    public bool IsLent { get; private protected set; }

    /// <summary>The call that brought it is over. No effect on a packet that is not lent.</summary>
    internal void GiveBack()
    {
        if (IsLent)
        {
            Clear();
            Codec.LentPackets.Return(this);
        }
    }

    /// <summary>Forgets what it said, so that whoever has kept it finds out.</summary>
    private protected virtual void Clear()
    {
    }
}
