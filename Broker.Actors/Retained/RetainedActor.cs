using Akka.Actor;
using Broker.Actors.Clustering;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Retained;

/// <summary>
/// Owns the order of writes to the retained topics of one partition: whatever node a message was published on, the store and all copies end up with the same
/// one. A write is answered once it is committed and every member's copy has it (hard case 10).
/// </summary>
internal sealed class RetainedActor : UntypedActor, IWriteObserver, IWithTimers
{
    /// <summary>Tombstones after which they are removed from the store.</summary>
    private const int TombstonesKept = 100;

    private static readonly TimeSpan RepeatInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SettleInterval = TimeSpan.FromMilliseconds(100);

    private readonly Queue<RetainedWrite> _saving = [];
    private readonly Dictionary<IActorRef, RetainedBatch> _lastOf = [];
    private readonly List<object> _early = [];
    private readonly IActorRef _self;
    private readonly int _partition;
    private readonly RetainedServices _services;
    private readonly RetainedFollowers _followers;
    private long _version;
    private int _tombstones;

    /// <param name="partition">0 and up.</param>
    /// <param name="services">This node's.</param>
    public RetainedActor(int partition, RetainedServices services)
    {
        _self = Self;
        _partition = partition;
        _services = services;
        _followers = new RetainedFollowers(services.Members.Others.Select(static node => node.Uid));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private RetainedCopy Copy => _services.Copy;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _services.Members.Subscribe(Self);
        _version = Copy.VersionOf(_partition);
        Become(CatchingUp);
        Self.Tell(Retry.Instance);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _services.Members.Unsubscribe(Self);
        foreach (var write in _saving)
        {
            Copy.Free(write.Room);
        }

        _saving.Clear();
    }

    /// <summary>On the writer's thread, in the order of the writes.</summary>
    void IWriteObserver.OnCommitted(StoreWrite write) => _self.Tell(new Saved(write, null));

    /// <summary>On the writer's thread, in the order of the writes.</summary>
    void IWriteObserver.OnFailed(StoreWrite write, StorageException failure) => _self.Tell(new Saved(write, failure.Message));

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RetainedProtocol.Batch batch:
                OnBatch(batch);
                break;
            case Saved saved:
                OnSaved(saved);
                break;
            case RetainedProtocol.Passed passed:
                Complete(_followers.Passed(passed.Node, passed.Version));
                break;
            case MemberAdded added:
                _followers.Add(added.Node.Uid, _followers.LastSent);
                break;
            case MemberGone gone:
                Complete(_followers.Remove(gone.Node.Uid));
                break;
            case Repeat:
                SendAgain();
                break;
            case RetainedProtocol.Ping ping:
                ping.ReplyTo.Tell(new RetainedProtocol.Pong());
                break;
        }
    }

    /// <summary>Where the partition was elsewhere before, its last owner may have committed what its copies never heard of.</summary>
    private void CatchingUp(object message)
    {
        switch (message)
        {
            case Retry when !_services.Members.IsSettled:
                // The last owner's node may still commit (hard case 1).
                Timers.StartSingleTimer(nameof(Retry), Retry.Instance, SettleInterval);
                break;
            case Retry:
                _services.Reload(_partition).PipeTo(
                    Self, success: static version => new CaughtUp(version), failure: static problem => new NotCaughtUp(problem));
                break;
            case CaughtUp caughtUp:
                _version = Math.Max(_version, caughtUp.Version);
                Become(OnReceive);
                _followers.Begin(_version);
                Tell(new RetainedProtocol.Change(_partition, _version, 0, 0, null, Self), _services.Members.Others);
                foreach (var early in _early)
                {
                    OnReceive(early);
                }

                _early.Clear();
                break;
            case NotCaughtUp problem:
                RetainedLog.NotRead(_services.Logger, _partition, problem.Problem.GetBaseException().Message);
                Timers.StartSingleTimer(nameof(Retry), Retry.Instance, RepeatInterval);
                break;
            case RetainedProtocol.Batch batch when _early.OfType<RetainedProtocol.Batch>().Any(other => other.Number == batch.Number && other.ReplyTo.Equals(batch.ReplyTo)):
                break;
            default:
                _early.Add(message);
                break;
        }
    }

    private void OnBatch(RetainedProtocol.Batch message)
    {
        if (_lastOf.TryGetValue(message.ReplyTo, out var last) && message.Number <= last.Number)
        {
            if (message.Number == last.Number)
            {
                last.AnswerIfComplete();
            }

            return;
        }

        var batch = new RetainedBatch(message, _self);
        _lastOf[message.ReplyTo] = batch;
        for (var i = 0; i < message.Writes.Count; i++)
        {
            var publication = message.Writes[i].Publication;
            if (Copy.TryReserve(publication, _services.Limits) is not { } room)
            {
                RetainedLog.Full(_services.Logger, publication.Topic.Shortened(), Copy.Count, Copy.Bytes);
                batch.Complete(i, DeliveryOutcome.QueueFull);
                continue;
            }

            _saving.Enqueue(new RetainedWrite(batch, i, ++_version, room));
            _services.Writer.Write(new StoreWrite.SaveRetained(_partition, _version, publication), this);
        }
    }

    private void OnSaved(Saved saved)
    {
        if (saved.Write is not StoreWrite.SaveRetained)
        {
            return;
        }

        var write = _saving.Dequeue();
        if (saved.Problem is { } problem)
        {
            Copy.Free(write.Room);
            RetainedLog.NotSaved(_services.Logger, write.Publication.Topic.Shortened(), problem);
            write.Batch.Complete(write.Index, DeliveryOutcome.Failed);
            return;
        }

        Copy.Apply(new RetainedMessage(write.Publication, write.Batch.Origin, write.Number), _partition, write.Version);
        Copy.Free(write.Room);
        if (_followers.IsEmpty)
        {
            _followers.Begin(write.Version);
            write.Batch.Complete(write.Index, DeliveryOutcome.Accepted);
        }
        else
        {
            _followers.Send(write);
            Tell(Change(write), _services.Members.Others);
            Timers.StartPeriodicTimer(nameof(Repeat), Repeat.Instance, RepeatInterval);
        }

        if (write.Publication.Payload.IsEmpty && ++_tombstones >= TombstonesKept)
        {
            _tombstones = 0;
            _services.Writer.Write(new StoreWrite.PurgeTombstones(_partition, _followers.PassedByAll), this);
        }
    }

    private void Complete(IReadOnlyList<RetainedWrite> writes)
    {
        foreach (var write in writes)
        {
            write.Batch.Complete(write.Index, DeliveryOutcome.Accepted);
        }

        if (!_followers.IsWaiting)
        {
            Timers.Cancel(nameof(Repeat));
        }
    }

    /// <summary>To each member what it has not confirmed; one that lacks more than that reads it from the database.</summary>
    private void SendAgain()
    {
        foreach (var node in _services.Members.Others)
        {
            foreach (var write in _followers.Unconfirmed(node.Uid))
            {
                Tell(Change(write), [node]);
            }
        }
    }

    private RetainedProtocol.Change Change(RetainedWrite write) =>
        new(_partition, write.Version, write.Batch.Origin, write.Number, write.Publication, Self);

    private static void Tell(RetainedProtocol.Change change, IEnumerable<Akka.Cluster.UniqueAddress> nodes)
    {
        foreach (var node in nodes)
        {
            node.On(Context.System, NodeActors.RetainedCopy).Tell(change);
        }
    }

    private sealed record Saved(StoreWrite Write, string? Problem);

    private sealed record CaughtUp(long Version);

    private sealed record NotCaughtUp(Exception Problem);

    private sealed class Retry
    {
        public static Retry Instance { get; } = new();
    }

    private sealed class Repeat
    {
        public static Repeat Instance { get; } = new();
    }
}
