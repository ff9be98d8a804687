namespace Broker.Protocol.Packets;

/// <summary>AUTH (section 3.15), MQTT 5 only.</summary>
public sealed class AuthPacket : Packet
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.Auth;

    /// <summary>Success, Continue authentication or Re-authenticate.</summary>
    public ReasonCode ReasonCode { get; init; }

    /// <summary>Enhanced authentication method, or null where the whole packet was left out.</summary>
    public string? AuthenticationMethod { get; init; }

    /// <summary>Enhanced authentication data, or null.</summary>
    public ReadOnlyMemory<byte>? AuthenticationData { get; init; }

    /// <summary>For people and logs, or null.</summary>
    public string? ReasonString { get; init; }
}
