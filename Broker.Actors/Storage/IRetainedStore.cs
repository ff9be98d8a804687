using Broker.Actors.Routing;

namespace Broker.Actors.Storage;

/// <summary>Where retained messages survive a restart.</summary>
internal interface IRetainedStore
{
    /// <summary>
    /// Saves the message, or removes the topic's where the payload is empty. Writes are applied in the order of the calls; the task completes when
    /// this one is committed.
    /// </summary>
    Task SaveAsync(Publication publication);
}
