namespace Broker.Protocol.Packets;

/// <summary>The will of a CONNECT (section 3.1.3.2 and 3.1.3.3).</summary>
public sealed class WillMessage
{
    /// <summary>A valid topic name.</summary>
    public required string Topic { get; init; }

    /// <summary>May be empty.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>QoS it is published with.</summary>
    public QualityOfService QoS { get; init; }

    /// <summary>Whether it is published as a retained message.</summary>
    public bool Retain { get; init; }

    /// <summary>Will Delay Interval, seconds.</summary>
    public uint DelayInterval { get; init; }

    /// <summary>Properties it is published with; null when there are none.</summary>
    public PublishProperties? Properties { get; init; }
}
