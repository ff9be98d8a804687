using System.Diagnostics.Metrics;
using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Draining;
using Broker.Actors.Hosting;

namespace Broker.Actors.Metrics;

/// <summary>The node among the others: its state, the shards on it, and the links to its peers.</summary>
internal static class ClusterInstruments
{
    public static void Create(Meter meter, ActorSystem system, NodeParts parts, ShardCensus shards, Func<Readiness> readiness)
    {
        var cluster = Cluster.Get(system);
        meter.CreateObservableGauge("mqtt.node.ready", () => readiness().IsReady ? 1L : 0L, unit: null, "1 where /ready answers 200.");
        meter.CreateObservableGauge("mqtt.node.draining", () => parts.Drain.State == DrainState.Draining ? 1L : 0L, unit: null, "1 while clients are sent to other nodes.");
        meter.CreateObservableGauge(
            "mqtt.node.primary", () => parts.Primary.Report?.Primary.Equals(cluster.SelfUniqueAddress) == true ? 1L : 0L, unit: null, "1 on the primary.");
        meter.CreateObservableUpDownCounter(
            "mqtt.cluster.members", () => (long)cluster.State.Members.Count, "{node}", "Members of the cluster, as this node sees it, itself included.");
        meter.CreateObservableUpDownCounter("mqtt.cluster.unreachable", () => (long)cluster.State.Unreachable.Count, "{node}", "Those of them that are not reached.");
        meter.CreateObservableUpDownCounter(
            "mqtt.shards", () => shards.Regions.Select(static region => ((long)region.Shards).With("region", region.Name)), "{shard}", "Shards on this node.");
        meter.CreateObservableUpDownCounter(
            "mqtt.shards.entities", () => shards.Regions.Select(static region => ((long)region.Entities).With("region", region.Name)), "{entity}", "Entities in them.");
        meter.CreateObservableUpDownCounter(
            "mqtt.link.backlog",
            () => parts.Context.Routes.Peers.Select(static peer => peer.Bytes.With("peer", peer.Address.Address.ToString())),
            "By",
            "Bytes of messages that the peer has not taken yet.");
        meter.CreateObservableCounter(
            "mqtt.link.messages",
            () => parts.Context.Routes.Peers.Select(static peer => peer.Publications.With("peer", peer.Address.Address.ToString())),
            "{message}",
            "Messages that the peer has taken.");
    }
}
