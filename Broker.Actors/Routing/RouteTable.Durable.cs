using Broker.Actors.Clustering.Routes;
using Broker.Actors.Storage;
using Broker.Protocol.Topics;

namespace Broker.Actors.Routing;

/// <summary>Routes of durable sessions: what their entities say, and the table of them in the store.</summary>
internal sealed partial class RouteTable
{
    private DurableRoutes? _durable;

    private DurableRoutes Durable => _durable ??= new DurableRoutes(Tree, durable);

    /// <summary>A durable session's entity, which lives here, has committed this subscription.</summary>
    public void Subscribe(DurableMark mark, TopicFilter filter, SubscriptionOptions options)
    {
        if (!isShared)
        {
            Subscribe(durable.GetOrAdd(mark.ClientId), filter, options);
            return;
        }

        lock (_gate)
        {
            Durable.Subscribe(mark, filter, options);
            Tell(new RouteChange.DurableSubscribed(mark, filter.Text, options));
        }
    }

    /// <summary>The entity was loaded and found this subscription in the table, where every node reads it: nobody is told.</summary>
    public void Restore(DurableMark mark, TopicFilter filter, SubscriptionOptions options)
    {
        if (!isShared)
        {
            Subscribe(durable.GetOrAdd(mark.ClientId), filter, options);
            return;
        }

        lock (_gate)
        {
            Durable.Subscribe(mark, filter, options);
        }
    }

    /// <summary>It has committed the end of this one, and its row is gone.</summary>
    public void Unsubscribe(DurableMark mark, TopicFilter filter)
    {
        if (!isShared)
        {
            Unsubscribe(durable.GetOrAdd(mark.ClientId), filter);
            return;
        }

        lock (_gate)
        {
            Durable.Unsubscribe(mark, filter.Text);
            Tell(new RouteChange.DurableUnsubscribed(mark, filter.Text));
        }
    }

    /// <summary>It was loaded, and has told all its subscriptions with this mark.</summary>
    public void Recovered(DurableMark mark)
    {
        if (!isShared)
        {
            return;
        }

        lock (_gate)
        {
            Durable.Recover(mark);
            Tell(new RouteChange.DurableRecovered(mark));
        }
    }

    /// <summary>The session is over.</summary>
    /// <param name="clientId">The client id.</param>
    /// <param name="session">The session's key.</param>
    /// <param name="filters">What it had subscribed.</param>
    public void End(string clientId, long session, IEnumerable<TopicFilter> filters)
    {
        if (!isShared)
        {
            var subscriber = durable.GetOrAdd(clientId);
            foreach (var filter in filters)
            {
                Unsubscribe(subscriber, filter);
            }

            durable.Remove(clientId);
            return;
        }

        lock (_gate)
        {
            Durable.End(clientId, session);
            Tell(new RouteChange.DurableEnded(clientId, session));
        }
    }

    /// <summary>
    /// Reads the table of routes, at the start or again. What is told meanwhile is newer than the table; what is in memory and neither in the table nor told
    /// meanwhile is gone.
    /// </summary>
    /// <param name="rows">Read to the end.</param>
    public async Task LoadAsync(IAsyncEnumerable<StoredRoute> rows)
    {
        var load = isShared ? With(static durable => durable.BeginLoad()) : null;
        try
        {
            await foreach (var row in rows.ConfigureAwait(false))
            {
                if (TopicFilter.TryParse(row.Filter, out var filter, out _))
                {
                    Load(load, row, filter!);
                }
            }

            if (load is not null)
            {
                With(durable => durable.EndLoad(load));
            }
        }
        catch when (load is not null)
        {
            With(durable => durable.AbandonLoad(load));
            throw;
        }
    }

    private void Load(TableLoad? load, StoredRoute row, TopicFilter filter)
    {
        if (load is null)
        {
            Subscribe(durable.GetOrAdd(row.ClientId), filter, row.Options);
            return;
        }

        lock (_gate)
        {
            Durable.Load(load, row.ClientId, row.Session, filter, row.Options);
        }
    }

    private void With(Action<DurableRoutes> action)
    {
        lock (_gate)
        {
            action(Durable);
        }
    }

    private T With<T>(Func<DurableRoutes, T> action)
    {
        lock (_gate)
        {
            return action(Durable);
        }
    }
}
