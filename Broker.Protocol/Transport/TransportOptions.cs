namespace Broker.Protocol.Transport;

/// <summary>What all listeners of a node share.</summary>
public sealed record TransportOptions
{
    /// <summary>Event loops; 0: one for every two cores.</summary>
    public int EventLoops { get; init; }

    /// <summary>The number in effect; docs/decisions/0001 says why not one for each core.</summary>
    public int EffectiveEventLoops => EventLoops > 0 ? EventLoops : Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Bytes of the largest packet before CONNECT has been accepted.</summary>
    public int ConnectPacketSize { get; init; } = 65_536;
}
