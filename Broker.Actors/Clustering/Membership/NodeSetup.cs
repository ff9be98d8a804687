using Akka.Actor.Setup;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.DistributedData;
using Broker.Actors.Hosting;
using Broker.Actors.Storage;
using Broker.Actors.Storage.Sql.Dialects;

namespace Broker.Actors.Clustering.Membership;

/// <summary>What the parts that Akka makes by their class names need of the node.</summary>
internal sealed class NodeSetup(BrokerOptions options, SqlDialect dialect) : Setup
{
    /// <summary>The lease, discovery by the names that <c>mqtt.cluster.discovery</c> knows; and Akka joins nobody by itself: <see cref="ClusterFormation"/> does.</summary>
    public const string Hocon = """
        akka.cluster.seed-nodes = []
        akka.coordination.mqtt-lease {
          lease-class = "Broker.Actors.Clustering.Membership.SqlLease, Broker.Actors"
          heartbeat-interval = 2s
          heartbeat-timeout = 8s
          lease-operation-timeout = 4s
        }
        akka.discovery {
          mqtt-sql.class = "Broker.Actors.Clustering.Membership.SqlDiscovery, Broker.Actors"
          mqtt-dns.class = "Broker.Actors.Clustering.Membership.DnsDiscovery, Broker.Actors"
        }
        """;

    /// <summary>
    /// Of the parts that are started once the node is a member. Their serializers must be there before: other members send to them from the moment that this
    /// node joins.
    /// </summary>
    public static Config Defaults { get; } = ClusterSharding.DefaultConfig()
        .WithFallback(ClusterSingleton.DefaultConfig())
        .WithFallback(DistributedData.DefaultConfig());

    public BrokerOptions Options { get; } = options;

    /// <summary>The database that all nodes share.</summary>
    public SqlDialect Dialect { get; } = dialect;

    /// <summary>Whether a decision about a split is waiting.</summary>
    public DecisionWait Decisions { get; } = new();

    /// <summary>This node's, once it is registered.</summary>
    public NodeRegistration? Registration { get; set; }

    /// <exception cref="InvalidOperationException">The actor system is not a broker's.</exception>
    public static NodeSetup Of(Akka.Actor.ActorSystem system) =>
        system.Settings.Setup.Get<NodeSetup>().Value
        ?? throw new InvalidOperationException("The actor system was made without the broker: see AddMqttBroker.");
}
