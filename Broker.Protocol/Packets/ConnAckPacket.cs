namespace Broker.Protocol.Packets;

/// <summary>CONNACK (section 3.2).</summary>
public sealed class ConnAckPacket : Packet
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.ConnAck;

    /// <summary>Whether the server had a session for the client.</summary>
    public bool SessionPresent { get; init; }

    /// <summary>Success, or a code of 0x80 or above. For MQTT 3 the codec maps it to a return code 0 to 5.</summary>
    public ReasonCode ReasonCode { get; init; }

    /// <summary>Seconds; null: as the client asked.</summary>
    public uint? SessionExpiryInterval { get; init; }

    /// <summary>Unacknowledged QoS 1 and 2 PUBLISH packets that the server takes; null means 65,535.</summary>
    public ushort? ReceiveMaximum { get; init; }

    /// <summary>Null means QoS 2; otherwise 0 or 1.</summary>
    public QualityOfService? MaximumQoS { get; init; }

    /// <summary>Null means available.</summary>
    public bool? RetainAvailable { get; init; }

    /// <summary>Bytes; null means no limit.</summary>
    public uint? MaximumPacketSize { get; init; }

    /// <summary>The client id that the server chose, or null.</summary>
    public string? AssignedClientIdentifier { get; init; }

    /// <summary>Highest topic alias that the client may use; 0 means none.</summary>
    public ushort TopicAliasMaximum { get; init; }

    /// <summary>Null means available.</summary>
    public bool? WildcardSubscriptionAvailable { get; init; }

    /// <summary>Null means available.</summary>
    public bool? SubscriptionIdentifiersAvailable { get; init; }

    /// <summary>Null means available.</summary>
    public bool? SharedSubscriptionAvailable { get; init; }

    /// <summary>Seconds; null: as the client asked.</summary>
    public ushort? ServerKeepAlive { get; init; }

    /// <summary>Basis for the client's response topics, or null.</summary>
    public string? ResponseInformation { get; init; }

    /// <summary>Where to connect instead, or null.</summary>
    public string? ServerReference { get; init; }

    /// <summary>For people and logs, or null.</summary>
    public string? ReasonString { get; init; }

    /// <summary>Enhanced authentication method, or null.</summary>
    public string? AuthenticationMethod { get; init; }

    /// <summary>Enhanced authentication data, or null.</summary>
    public ReadOnlyMemory<byte>? AuthenticationData { get; init; }
}
