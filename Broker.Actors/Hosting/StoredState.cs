using Broker.Actors.Retained;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;

namespace Broker.Actors.Hosting;

/// <summary>What a node must have in memory before it serves clients: a publish that is matched before is not lost.</summary>
internal static class StoredState
{
    /// <summary>This node's copy of all retained messages.</summary>
    public static async Task LoadAsync(
        IStoreReader reader, SessionServices services, RetainedCopy copy, CancellationToken cancellation)
    {
        await foreach (var retained in reader.ReadRetainedAsync(partition: null, after: 0, cancellation).ConfigureAwait(false))
        {
            copy.Apply(retained, services.Logger);
        }

        await foreach (var session in reader.ReadSessionsAsync(cancellation).ConfigureAwait(false))
        {
            _ = session;
            services.AddDurable(1);
        }
    }
}
