using Akka.Actor;
using Akka.Discovery;
using Broker.Actors.Storage.Sql;

namespace Broker.Actors.Clustering.Membership;

/// <summary>
/// <c>akka.discovery.mqtt-sql</c>: the members of the cluster as the registry in the shared database has them. The name that is looked up does not matter:
/// one database is one cluster.
/// </summary>
internal sealed class SqlDiscovery : ServiceDiscovery
{
    private readonly SqlNodeRegistry _registry;

    /// <param name="system">A broker's.</param>
    public SqlDiscovery(ExtendedActorSystem system) => _registry = new SqlNodeRegistry(NodeSetup.Of(system).Dialect);

    /// <inheritdoc/>
    public override async Task<Resolved> Lookup(Lookup lookup, TimeSpan resolveTimeout)
    {
        using var timeout = new CancellationTokenSource(resolveTimeout);
        var nodes = await _registry.ReadAsync(timeout.Token).ConfigureAwait(false);
        return new Resolved(
            lookup.ServiceName,
            nodes.Where(node => node.IsMember).Select(node => Address.Parse(node.Registration.Address)).Select(address => new ResolvedTarget(address.Host, address.Port)));
    }
}
