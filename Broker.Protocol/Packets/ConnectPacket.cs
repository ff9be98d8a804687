namespace Broker.Protocol.Packets;

/// <summary>CONNECT (section 3.1).</summary>
public sealed class ConnectPacket : Packet
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.Connect;

    /// <summary>The version the client speaks from here on.</summary>
    public required ProtocolVersion Version { get; init; }

    /// <summary>
    /// MQTT 3.1 and 3.1.1 with bit 7 of the protocol level set: the connection is a bridge's. Mosquitto's extension;
    /// treated as an ordinary connection with Retain As Published.
    /// </summary>
    public bool IsBridge { get; init; }

    /// <summary>Empty where the client leaves the choice to the server.</summary>
    public required string ClientId { get; init; }

    /// <summary>Clean Start (MQTT 5) or Clean Session (MQTT 3).</summary>
    public bool CleanStart { get; init; } = true;

    /// <summary>Seconds; 0 turns keep alive off.</summary>
    public ushort KeepAlive { get; init; }

    /// <summary>Null where the flag is not set.</summary>
    public string? UserName { get; init; }

    /// <summary>Null where the flag is not set.</summary>
    public ReadOnlyMemory<byte>? Password { get; init; }

    /// <summary>Null where the flag is not set.</summary>
    public WillMessage? Will { get; init; }

    /// <summary>
    /// Seconds; 0xFFFFFFFF never expires; null where absent. The decoder fills it for MQTT 3: 0xFFFFFFFF with
    /// Clean Session 0, otherwise 0 (section 3.1.2.11.2, non-normative comment).
    /// </summary>
    public uint? SessionExpiryInterval { get; init; }

    /// <summary>QoS 1 and 2 PUBLISH packets that the client takes unacknowledged; null means 65,535. Never 0.</summary>
    public ushort? ReceiveMaximum { get; init; }

    /// <summary>Bytes of the largest packet that the client takes; null means no limit. Never 0.</summary>
    public uint? MaximumPacketSize { get; init; }

    /// <summary>Highest topic alias that the server may use; 0 means none.</summary>
    public ushort TopicAliasMaximum { get; init; }

    /// <summary>The client asks for Response Information.</summary>
    public bool RequestResponseInformation { get; init; }

    /// <summary>False: no reason string or user property in anything but PUBLISH, CONNACK and DISCONNECT.</summary>
    public bool RequestProblemInformation { get; init; } = true;

    /// <summary>Enhanced authentication method, or null.</summary>
    public string? AuthenticationMethod { get; init; }

    /// <summary>Enhanced authentication data, or null.</summary>
    public ReadOnlyMemory<byte>? AuthenticationData { get; init; }
}
