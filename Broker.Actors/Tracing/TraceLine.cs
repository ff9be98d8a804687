namespace Broker.Actors.Tracing;

/// <summary>One thing that happened to a traced client or message. It never has a payload, and never a password.</summary>
/// <remarks>Nodes of two versions read each other's: what one does not know it passes over.</remarks>
public sealed record TraceLine
{
    /// <summary>By the clock of <see cref="Node"/>.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The node where it happened.</summary>
    public string Node { get; init; } = "";

    /// <summary>What happened, one of <see cref="TraceEvents"/>.</summary>
    public required string Event { get; init; }

    /// <summary>Whose connection or session; null: before CONNECT, or nobody's.</summary>
    public string? ClientId { get; init; }

    /// <summary>The client's address; null for what its session's owner did.</summary>
    public string? Address { get; init; }

    /// <summary>The packet's name, as in <c>PUBLISH</c>; null: it is none.</summary>
    public string? Packet { get; init; }

    /// <summary>Of the packet; null: it has none.</summary>
    public int? PacketId { get; init; }

    /// <summary>Of the message.</summary>
    public string? Topic { get; init; }

    /// <summary>Of SUBSCRIBE and UNSUBSCRIBE, the first few.</summary>
    public IReadOnlyList<string>? Filters { get; init; }

    /// <summary>Of the message.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("qos")]
    public int? QoS { get; init; }

    /// <summary>Bytes of the payload.</summary>
    public int? Bytes { get; init; }

    /// <summary>RETAIN flag; null: it is not set.</summary>
    public bool? Retain { get; init; }

    /// <summary>DUP flag; null: it is not set.</summary>
    public bool? Duplicate { get; init; }

    /// <summary>As in <c>0x87 NotAuthorized</c>; of SUBACK and UNSUBACK the first few; null: success, or the packet has none.</summary>
    public string? ReasonCode { get; init; }

    /// <summary>Why, for people.</summary>
    public string? Reason { get; init; }

    /// <summary>How many: lines that were left out, messages, subscriptions.</summary>
    public long? Count { get; init; }
}
