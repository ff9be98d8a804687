namespace Broker.Protocol.Transport;

/// <summary>What all listeners of a node share.</summary>
public sealed record TransportOptions
{
    /// <summary>Event loops; 0: one for each core.</summary>
    public int EventLoops { get; init; }

    /// <summary>Bytes of the largest packet before CONNECT has been accepted.</summary>
    public int ConnectPacketSize { get; init; } = 65_536;
}
