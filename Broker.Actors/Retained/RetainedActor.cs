using Akka.Actor;
using Broker.Actors.Hosting;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Retained;

/// <summary>
/// Owns the order of writes to the retained topics of one partition: whatever node a message was published on, the store and all
/// copies end up with the same one.
/// </summary>
internal sealed class RetainedActor : ReceiveActor, IWriteObserver
{
    /// <summary>Tombstones after which they are removed from the store.</summary>
    private const int TombstonesKept = 100;

    private readonly Queue<(Set Write, long Version)> _saving = [];
    private readonly IActorRef _self;
    private readonly int _partition;
    private readonly IStoreWriter _writer;
    private readonly RetainedCopy _copy;
    private readonly LimitsOptions _limits;
    private readonly ILogger _logger;
    private long _version;
    private int _tombstones;

    /// <param name="partition">0 and up.</param>
    /// <param name="writer">Of the store.</param>
    /// <param name="copy">This node's, loaded before the partition starts.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="logger">For refusals.</param>
    public RetainedActor(int partition, IStoreWriter writer, RetainedCopy copy, LimitsOptions limits, ILogger logger)
    {
        _self = Self;
        _partition = partition;
        _writer = writer;
        _copy = copy;
        _limits = limits;
        _logger = logger;
        _version = copy.VersionOf(partition);
        Receive<Set>(OnSet);
        Receive<Saved>(OnSaved);
        Receive<Ping>(_ => Sender.Tell(new Pong()));
    }

    /// <summary>On the writer's thread, in the order of the writes.</summary>
    void IWriteObserver.OnCommitted(StoreWrite write) => _self.Tell(new Saved(write, null));

    /// <summary>On the writer's thread, in the order of the writes.</summary>
    void IWriteObserver.OnFailed(StoreWrite write, StorageException failure) => _self.Tell(new Saved(write, failure.Message));

    private void OnSet(Set write)
    {
        var publication = write.Publication;
        if (!_copy.HasRoomFor(publication, _limits))
        {
            RetainedLog.Full(_logger, publication.Topic, _copy.Count, _copy.Bytes);
            write.ReplyTo.Tell(new Applied(write.Number, DeliveryOutcome.QueueFull));
            return;
        }

        _saving.Enqueue((write, ++_version));
        _writer.Write(new StoreWrite.SaveRetained(_partition, _version, publication), this);
    }

    private void OnSaved(Saved saved)
    {
        if (saved.Write is not StoreWrite.SaveRetained)
        {
            return;
        }

        var (write, version) = _saving.Dequeue();
        if (saved.Problem is { } problem)
        {
            RetainedLog.NotSaved(_logger, write.Publication.Topic, problem);
            write.ReplyTo.Tell(new Applied(write.Number, DeliveryOutcome.Failed));
            return;
        }

        _copy.Apply(new RetainedMessage(write.Publication, write.Number), _partition, version);
        write.ReplyTo.Tell(new Applied(write.Number, DeliveryOutcome.Accepted));
        if (write.Publication.Payload.IsEmpty && ++_tombstones >= TombstonesKept)
        {
            _tombstones = 0;
            _writer.Write(new StoreWrite.PurgeTombstones(_partition, version), this);
        }
    }

    /// <summary>Make this the retained message of its topic.</summary>
    internal sealed record Set(long Number, Publication Publication, IActorRef ReplyTo);

    /// <summary>It is in the copies, or refused.</summary>
    internal sealed record Applied(long Number, DeliveryOutcome Outcome);

    /// <summary>Is the partition's owner there?</summary>
    internal sealed record Ping;

    /// <summary>It is.</summary>
    internal sealed record Pong;

    private sealed record Saved(StoreWrite Write, string? Problem);
}
