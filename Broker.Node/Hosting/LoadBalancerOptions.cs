namespace Broker.Node.Hosting;

/// <summary><c>mqtt.load-balancer</c>: what the node is told of the one before it, to check its own settings against.</summary>
internal sealed record LoadBalancerOptions
{
    /// <summary>After which it cuts a connection on which nothing passes; zero: there is none, or nobody knows.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.Zero;
}
