using Microsoft.Extensions.Hosting;

namespace Broker.Actors.Hosting;

/// <summary>Stops behind everything else: the store commits what the last entities wrote, and frees the data directory.</summary>
internal sealed class StoreService(BrokerNode node) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => node.CloseStoreAsync();
}
