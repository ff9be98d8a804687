using Akka.Actor;
using Akka.Cluster;

namespace Broker.Specs.Actors.Clustering.Operations;

/// <summary>Nodes of no cluster.</summary>
internal static class Nodes
{
    /// <summary>One with an address and a uid of its own.</summary>
    public static UniqueAddress Number(int number) => new(new Address("akka.tcp", "mqtt", "10.0.0." + number, 4053), number);
}
