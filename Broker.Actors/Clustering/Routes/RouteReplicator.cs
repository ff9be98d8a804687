using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Broker.Actors.Clustering.Links;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Routing;

namespace Broker.Actors.Clustering.Routes;

/// <summary>
/// Tells every member this node's changes of routes, in order, until each has acknowledged them, and applies theirs. Reachable or not, a member counts until it
/// is removed (hard case 3).
/// </summary>
internal sealed partial class RouteReplicator : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(500);

    private readonly RouteReplicatorSetup _setup;
    private readonly Dictionary<int, RoutePeer> _peers;
    private readonly List<TaskCompletionSource> _synchronizing = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private int _changed;
    private bool _isReading;
    private bool _mustRead;

    public RouteReplicator(RouteReplicatorSetup setup)
    {
        _setup = setup;
        _peers = setup.Peers;
        Receive<RouteWire.Batch>(OnBatch);
        Receive<RouteWire.Applied>(OnApplied);
        Receive<Changed>(_ => OnChanged());
        Receive<MemberAdded>(added => OnAdded(added.Node));
        Receive<MemberGone>(gone => OnGone(gone.Node.Uid));
        Receive<MemberSettled>(_ => ReadTable());
        Receive<Synchronize>(synchronize =>
        {
            _synchronizing.Add(synchronize.Done);
            CheckSynchronized();
        });
        Receive<TableRead>(OnTableRead);
        Receive<Tick>(_ => OnTick());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private RouteTable Routes => _setup.Routes;

    private int SelfUid => _setup.Members.Self.Uid;

    /// <summary>
    /// Completes once this node has the routes of every member, which means that each counts it: what is subscribed or published from then on finds its way.
    /// </summary>
    public static async Task WhenSynchronizedAsync(IActorRef replicator, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        replicator.Tell(new Synchronize(done));
        await done.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        var self = Self;
        Routes.Changed = () =>
        {
            if (Interlocked.Exchange(ref _changed, 1) == 0)
            {
                self.Tell(Changed.Instance, ActorRefs.NoSender);
            }
        };
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TickInterval);
        _setup.Members.Subscribe(Self);
    }

    /// <summary>The links go on, and so does what is known of the members.</summary>
    protected override void PreRestart(Exception reason, object message) => PostStop();

    /// <inheritdoc/>
    protected override void PostStop() => _setup.Members.Unsubscribe(Self);

    private void OnAdded(UniqueAddress address)
    {
        if (_peers.ContainsKey(address.Uid))
        {
            return;
        }

        var node = new RemoteNode(address, _setup.NodesSeen++);
        node.Link = _setup.StartLink(Context, node);
        var peer = new RoutePeer(node, _setup.ReplicatorOf(address), new RouteStream(Routes, node));
        _peers.Add(address.Uid, peer);
        Send(peer);

        // It may have told before it was known here.
        Answer(peer, resend: true);
    }

    private void OnGone(int uid)
    {
        if (!_peers.Remove(uid, out var peer))
        {
            return;
        }

        peer.Node.Leave();
        Routes.Apply((tree, durable, _) => peer.Replica.Clear(tree, durable));
        Routes.RemovePeer(peer.Node);
        peer.Node.Link.Tell(NodeLink.Gone.Instance);
        CheckSynchronized();
    }

    private void OnChanged()
    {
        // The flag goes down first: what is changed from here on either is read below or comes with a message of its own.
        Interlocked.Exchange(ref _changed, 0);
        foreach (var peer in _peers.Values)
        {
            Send(peer);
        }
    }

    private void OnApplied(RouteWire.Applied applied)
    {
        if (applied.To != SelfUid || !_peers.TryGetValue(applied.From, out var peer))
        {
            return;
        }

        if (applied.Stream != peer.Stream.Number)
        {
            // It has not seen the beginning of the stream: nothing of it has arrived.
            if (applied.Resend)
            {
                Resend(peer, int.MaxValue);
            }

            return;
        }

        var wasProbing = peer.Stream.TakeProbing();
        if (!peer.Stream.Acknowledge(applied.Sequence, applied.Resend, applied.Barrier))
        {
            peer.Stream.Restart();
        }
        else if (applied.Resend || wasProbing)
        {
            Resend(peer, int.MaxValue);
        }

        Send(peer);
    }

    private void OnTick()
    {
        foreach (var peer in _peers.Values)
        {
            if (peer.Stream.ShouldProbe())
            {
                Resend(peer, 1);
            }
        }

        if (_mustRead)
        {
            ReadTable();
        }
    }

    private void Send(RoutePeer peer)
    {
        while (peer.Stream.TryNext(out var sequence, out var content))
        {
            Send(peer, sequence, content);
        }
    }

    private void Resend(RoutePeer peer, int most)
    {
        foreach (var (sequence, content) in peer.Stream.Unacknowledged().Take(most))
        {
            Send(peer, sequence, content);
        }
    }

    private void Send(RoutePeer peer, long sequence, RouteContent content) => peer.Replicator.Tell(new RouteWire.Batch(
        SelfUid, peer.Node.Address.Uid, peer.Stream.Number, sequence, content.BeginsSnapshot, content.EndsSnapshot, content.Changes));

    private sealed record Synchronize(TaskCompletionSource Done);

    private sealed record TableRead(Exception? Problem);

    private sealed class Changed
    {
        public static Changed Instance { get; } = new();
    }

    private sealed class Tick : INotInfluenceReceiveTimeout
    {
        public static Tick Instance { get; } = new();
    }
}
