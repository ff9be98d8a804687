using Akka.Actor;

namespace Broker.Actors.Hosting;

/// <summary>The running broker of this process, for the management endpoints and the start-up lines.</summary>
public sealed class BrokerNode
{
    /// <summary>The listeners that are open; empty before the node has started.</summary>
    public IReadOnlyList<BoundListener> Listeners { get; private set; } = [];

    /// <summary>The address of the actor system, as other nodes know it; null before the node has started.</summary>
    public Address? Address { get; private set; }

    /// <summary>What <c>/ready</c> answers.</summary>
    public Readiness Readiness { get; private set; } = new(false, "starting");

    /// <summary>Completes when the node serves clients; fails when it cannot start.</summary>
    public Task Started => _started.Task;

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
