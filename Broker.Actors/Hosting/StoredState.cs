using Broker.Actors.Retained;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Broker.Protocol.Topics;

namespace Broker.Actors.Hosting;

/// <summary>What a node must have in memory before it serves clients: a publish that is matched before is not lost.</summary>
internal static class StoredState
{
    /// <summary>Durable routes, and this node's copy of all retained messages.</summary>
    public static async Task LoadAsync(
        IStoreReader reader, SessionServices services, RetainedCopy copy, CancellationToken cancellation)
    {
        await foreach (var route in reader.ReadRoutesAsync(cancellation).ConfigureAwait(false))
        {
            if (TopicFilter.TryParse(route.Filter, out var filter, out _))
            {
                services.Routes.Subscribe(services.Subscribers.GetOrAdd(route.ClientId), filter!, route.Options);
            }
        }

        await foreach (var retained in reader.ReadRetainedAsync(partition: null, after: 0, cancellation).ConfigureAwait(false))
        {
            if (retained.Problem is { } problem)
            {
                RetainedLog.NotLoaded(services.Logger, problem);
            }
            else if (retained.Publication is { } publication)
            {
                copy.Apply(new RetainedMessage(publication, WriteNumber: 0), retained.Partition, retained.Version);
            }
            else
            {
                copy.Advance(retained.Partition, retained.Version);
            }
        }

        await foreach (var session in reader.ReadSessionsAsync(cancellation).ConfigureAwait(false))
        {
            _ = session;
            services.AddDurable(1);
        }
    }
}
