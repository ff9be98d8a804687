namespace Broker.Actors.Hosting;

/// <summary>Whether the load balancer should send clients here.</summary>
/// <param name="IsReady">200 or 503.</param>
/// <param name="Reason">One line for people: why not, or "ready".</param>
public sealed record Readiness(bool IsReady, string Reason);
