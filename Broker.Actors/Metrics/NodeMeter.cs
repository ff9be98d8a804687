using System.Diagnostics.Metrics;
using Akka.Actor;
using Broker.Actors.Hosting;
using Broker.Actors.Storage.Sql;
using Broker.Protocol.Transport.Limits;

namespace Broker.Actors.Metrics;

/// <summary>
/// What a node tells of itself in numbers (docs/metrics.md). Who listens asks for them: whatever is counted for each message is a field of an event loop, and is
/// added up only then.
/// </summary>
public sealed class NodeMeter : IDisposable
{
    /// <summary>Under which a listener finds it.</summary>
    public const string Name = "Akka.Mqtt";

    private readonly Meter _meter = new(Name);
    private ShardCensus? _shards;

    internal NodeMeter()
    {
    }

    /// <summary>From now on the store's commits are measured.</summary>
    internal void Measure(SqlStore store) => store.GroupCommitted = StoreInstruments.CreateForCommits(_meter);

    /// <summary>The node serves: everything can be measured.</summary>
    internal void Observe(ActorSystem system, NodeParts parts, TransportRefusals refusals, Func<Readiness> readiness, TimeProvider time)
    {
        _shards = new ShardCensus(system, time);
        TrafficInstruments.Create(_meter, parts.Context, parts.Sessions);
        TimeInstruments.Create(_meter, parts.Context.Loops.Times);
        AccessInstruments.Create(_meter, parts.Context, refusals);
        QueueInstruments.Create(_meter, parts.Context, parts.Sessions);
        StoreInstruments.Create(_meter, parts.Sessions.Writer, parts.Sessions.Clock, parts.Context.Disk);
        ClusterInstruments.Create(_meter, system, parts, _shards, readiness);
    }

    /// <summary>Nothing of this node is measured any more.</summary>
    public void Dispose()
    {
        _meter.Dispose();
        _shards?.Dispose();
    }
}
