using Akka.Actor;
using Microsoft.Extensions.Hosting;

namespace Broker.Actors.Hosting;

/// <summary>Starts the node after the actor system, and stops it before.</summary>
internal sealed class BrokerService(BrokerNode node, ActorSystem system) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => node.StartAsync(system, cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => node.StopAsync(cancellationToken);
}
