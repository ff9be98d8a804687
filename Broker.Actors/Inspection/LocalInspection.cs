using Akka.Cluster;
using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Actors.Routing;
using Broker.Protocol.Transport;

namespace Broker.Actors.Inspection;

/// <summary>What this node has for lists of the whole cluster. Any thread; what changes meanwhile may be seen or not.</summary>
internal sealed class LocalInspection(NodeParts parts, UniqueAddress self, Func<Readiness> readiness, Func<IReadOnlyList<BoundListener>> listeners)
{
    private readonly DateTimeOffset _startedAt = parts.Context.Time.GetUtcNow();

    private string Self { get; } = self.Address.ToString();

    /// <summary>The connections of a client id: one, or one that goes and one that comes.</summary>
    public IEnumerable<ClientConnection> ConnectionsOf(string clientId) => parts.Context.Directory.All.Where(connection => connection.ClientId == clientId);

    /// <summary>This one.</summary>
    public PageShare<NodeRow> Nodes(PageRequest page)
    {
        var options = parts.Context.Options;
        var (ready, totals) = (readiness(), Totals.Of(parts.Context, parts.Sessions));
        var collector = new PageCollector<NodeRow>(page);
        collector.Add(Self, () => new NodeRow(
            Self,
            options.Version,
            options.Commit,
            ready.IsReady,
            ready.Reason,
            self.Equals(parts.Primary.Report?.Primary),
            Names.Of(parts.Drain.State),
            (int)totals.Connected,
            totals.PublishReceived,
            totals.PublishSent,
            _startedAt));
        return collector.Take();
    }

    /// <summary>Those that are connected here.</summary>
    public PageShare<ClientRow> Clients(PageRequest page)
    {
        var collector = new PageCollector<ClientRow>(page);
        foreach (var connection in parts.Context.Directory.All)
        {
            if (connection.IsConnected && page.WantsClient(connection.ClientId) && page.Wants(connection.ClientId))
            {
                collector.Add(connection.ClientId, () => connection.Describe(Self));
            }
        }

        return collector.Take();
    }

    /// <summary>Of sessions that end with their connection, which is here.</summary>
    public PageShare<SubscriptionRow> LiveSubscriptions(PageRequest page) =>
        RouteWalk.Subscriptions(parts.Context.Routes.Tree, page, static subscriber => subscriber.IsLive);

    /// <summary>Those that are open here.</summary>
    public PageShare<ListenerRow> Listeners(PageRequest page)
    {
        var connections = parts.Context.Directory.All.CountBy(static connection => connection.Listener).ToDictionary();
        var collector = new PageCollector<ListenerRow>(page);
        foreach (var listener in listeners())
        {
            var row = new ListenerRow(
                Self, listener.Options.Name, Names.Of(listener.Options.Type), $"{listener.Address}", connections.GetValueOrDefault(listener.Options.Name));
            if (page.Wants(row.Name))
            {
                collector.Add(row.Key, () => row);
            }
        }

        return collector.Take();
    }
}
