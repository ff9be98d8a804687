namespace Broker.Protocol.Packets;

/// <summary>
/// The properties that belong to an application message and are forwarded unaltered to its receivers
/// (section 3.3.2.3), the expiry apart, which shrinks by the time spent waiting. PUBLISH carries its user
/// properties here, not in <see cref="Packet.UserProperties"/>.
/// </summary>
public sealed record PublishProperties
{
    /// <summary>Null: unspecified; false: bytes; true: UTF-8 text.</summary>
    public bool? PayloadIsUtf8 { get; init; }

    /// <summary>Seconds, or null: never.</summary>
    public uint? MessageExpiryInterval { get; init; }

    /// <summary>A valid topic name, or null.</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>Correlation data, or null.</summary>
    public ReadOnlyMemory<byte>? CorrelationData { get; init; }

    /// <summary>Content type, or null.</summary>
    public string? ContentType { get; init; }

    /// <summary>In the order received.</summary>
    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];
}
