using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Clustering;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Connections;

namespace Broker.Actors.Sessions.Guards;

/// <summary>
/// Asks the other nodes whom they serve when a shard of sessions starts here, and answers them. No entity of the shard takes a client before every member has
/// answered or is removed, and every removed one can serve nobody any more.
/// </summary>
internal sealed class ShardGuardsActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(1);

    private readonly Dictionary<IActorRef, Asking> _askings = [];
    private readonly HashSet<IActorRef> _shards = [];
    private readonly SessionMessageExtractor _extractor = new();
    private readonly ClusterMembers _members;
    private readonly ShardGuards _guards;
    private readonly ConnectionHomes _homes;
    private readonly ConnectionDirectory _directory;
    private readonly IActorRef _registry;

    /// <param name="members">The other nodes.</param>
    /// <param name="guards">Where the entities read what was answered.</param>
    /// <param name="homes">The entities to be told of a node's end.</param>
    /// <param name="directory">This node's connections.</param>
    /// <param name="registry">By which others reach them.</param>
    public ShardGuardsActor(ClusterMembers members, ShardGuards guards, ConnectionHomes homes, ConnectionDirectory directory, IActorRef registry)
    {
        _members = members;
        _guards = guards;
        _homes = homes;
        _directory = directory;
        _registry = registry;
        Receive<Need>(OnNeed);
        Receive<GuardProtocol.Ask>(ask => ask.ReplyTo.Tell(new GuardProtocol.Answer(ask.Shard, _members.Self, _registry, Served(ask.Shard))));
        Receive<GuardProtocol.Answer>(OnAnswer);
        Receive<Repeat>(_ => OnRepeat());
        Receive<MemberAdded>(added => OnAdded(added.Node));
        Receive<MemberGone>(gone => OnGone(gone.Node));
        Receive<MemberSettled>(settled => OnSettled(settled.Node));
        Receive<Terminated>(terminated => OnShardEnded(terminated.ActorRef));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() => _members.Subscribe(Self);

    /// <inheritdoc/>
    protected override void PostStop() => _members.Unsubscribe(Self);

    private void OnNeed(Need need)
    {
        if (_shards.Contains(need.Shard))
        {
            need.Entity.Tell(ShardGuards.Known.Instance);
            return;
        }

        if (!_askings.TryGetValue(need.Shard, out var asking))
        {
            _askings.Add(need.Shard, asking = new Asking(need.Shard.Path.Name, [.. _members.Others]));
            Context.Watch(need.Shard);
            foreach (var node in asking.Waiting)
            {
                Ask(node, asking.Shard);
            }

            Timers.StartPeriodicTimer(nameof(Repeat), Repeat.Instance, RepeatAfter);
        }

        asking.Entities.Add(need.Entity);
        FinishIfComplete(need.Shard, asking);
    }

    private void OnAnswer(GuardProtocol.Answer answer)
    {
        foreach (var (shard, asking) in _askings.ToArray())
        {
            if (asking.Shard == answer.Shard && asking.Waiting.Remove(answer.Node))
            {
                asking.Answers[answer.Node] = [.. answer.Served.Select(one =>
                    (new ConnectionRef(one.ClientId, one.Number, answer.Registry, answer.Node), one.IsDurable))];
                FinishIfComplete(shard, asking);
            }
        }
    }

    private void FinishIfComplete(IActorRef shard, Asking asking)
    {
        if (asking.Waiting.Count > 0 || !_members.IsSettled)
        {
            return;
        }

        // This node last: what it has bound by now was bound by an earlier home, since no entity of this one has answered yet.
        var own = Served(asking.Shard).Select(one => (new ConnectionRef(one.ClientId, one.Number, _registry, _members.Self), one.IsDurable));
        _guards.Add(shard, asking.Answers.Values.SelectMany(static served => served).Concat(own));
        _shards.Add(shard);
        _askings.Remove(shard);
        if (_askings.Count == 0)
        {
            Timers.Cancel(nameof(Repeat));
        }

        foreach (var entity in asking.Entities)
        {
            entity.Tell(ShardGuards.Known.Instance);
        }
    }

    private void OnRepeat()
    {
        foreach (var asking in _askings.Values)
        {
            foreach (var node in asking.Waiting)
            {
                Ask(node, asking.Shard);
            }
        }
    }

    private void OnAdded(UniqueAddress node)
    {
        foreach (var asking in _askings.Values)
        {
            if (!asking.Answers.ContainsKey(node) && asking.Waiting.Add(node))
            {
                Ask(node, asking.Shard);
            }
        }
    }

    private void OnGone(UniqueAddress node)
    {
        foreach (var (shard, asking) in _askings.ToArray())
        {
            asking.Waiting.Remove(node);
            asking.Answers.Remove(node);
            FinishIfComplete(shard, asking);
        }
    }

    private void OnSettled(UniqueAddress node)
    {
        _homes.Close(node);
        foreach (var (shard, asking) in _askings.ToArray())
        {
            FinishIfComplete(shard, asking);
        }
    }

    private void OnShardEnded(IActorRef shard)
    {
        _guards.Remove(shard);
        _shards.Remove(shard);
        _askings.Remove(shard);
    }

    private void Ask(UniqueAddress node, string shard) =>
        node.On(Context.System, NodeActors.Guards).Tell(new GuardProtocol.Ask(shard, Self), ActorRefs.NoSender);

    private List<ServedClient> Served(string shard)
    {
        var served = new List<ServedClient>();
        foreach (var connection in _directory.All)
        {
            if (connection.ClientId.Length > 0 && _extractor.ShardId(connection.ClientId) == shard && connection.Serve() is { } one)
            {
                served.Add(one);
            }
        }

        return served;
    }

    /// <summary>An entity of the shard has started.</summary>
    internal sealed record Need(IActorRef Shard, IActorRef Entity);

    private sealed class Asking(string shard, HashSet<UniqueAddress> waiting)
    {
        public string Shard { get; } = shard;

        public HashSet<UniqueAddress> Waiting { get; } = waiting;

        public Dictionary<UniqueAddress, (ConnectionRef Connection, bool IsDurable)[]> Answers { get; } = [];

        public HashSet<IActorRef> Entities { get; } = [];
    }

    private sealed class Repeat : INotInfluenceReceiveTimeout
    {
        public static Repeat Instance { get; } = new();
    }
}
