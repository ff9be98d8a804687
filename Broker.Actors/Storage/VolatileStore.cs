using Broker.Actors.Routing;

namespace Broker.Actors.Storage;

/// <summary>
/// Keeps nothing beyond the process: entities and copies hold everything in memory, and a restart forgets it.
/// </summary>
internal sealed class VolatileStore : ISessionStore, IRetainedStore
{
    /// <inheritdoc/>
    public Task WriteAsync(SessionWrite write) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task SaveAsync(Publication publication) => Task.CompletedTask;
}
