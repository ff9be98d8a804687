namespace Broker.Actors.Hosting;

/// <summary><c>mqtt.drain</c>: how a node goes that is stopped, or told to leave, while there are others.</summary>
public sealed record DrainOptions
{
    /// <summary>From not ready until clients are moved: the load balancer must have noticed by then.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.Zero;

    /// <summary>Clients moved in a second; 0: all at once.</summary>
    public int Rate { get; init; } = 500;

    /// <summary>The longest from not ready until the last client has been moved; those that are left then go at once.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Whether the listeners close at the start of <see cref="Wait"/>, for a load balancer that only tries to connect. Those who are connected stay until they are moved.
    /// </summary>
    public bool TcpProbe { get; init; }

    /// <summary>How long it waits for other nodes that drain, serving clients meanwhile; then it goes beside them. 0: it waits for nobody.</summary>
    public TimeSpan TurnWait { get; init; } = TimeSpan.Zero;
}
