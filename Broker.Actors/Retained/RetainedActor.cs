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
internal sealed class RetainedActor : ReceiveActor
{
    /// <summary>Tombstones after which they are removed from the store.</summary>
    private const int TombstonesKept = 100;

    private readonly int _partition;
    private readonly StoreCommits _commits;
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
        _partition = partition;
        _commits = new StoreCommits(Self, writer);
        _copy = copy;
        _limits = limits;
        _logger = logger;
        _version = copy.VersionOf(partition);
        Receive<Set>(OnSet);
        Receive<StoreCommits.Due>(_ => _commits.Run());
        Receive<Ping>(_ => Sender.Tell(new Pong()));
    }

    private void OnSet(Set write)
    {
        var publication = write.Publication;
        if (!_copy.HasRoomFor(publication, _limits))
        {
            RetainedLog.Full(_logger, publication.Topic, _copy.Count, _copy.Bytes);
            _commits.Then(() => write.ReplyTo.Tell(new Applied(write.Number, DeliveryOutcome.QueueFull)));
            return;
        }

        var version = ++_version;
        _commits.Write(new StoreWrite.SaveRetained(_partition, version, publication), () =>
        {
            _copy.Apply(new RetainedMessage(publication, write.Number), _partition, version);
            write.ReplyTo.Tell(new Applied(write.Number, DeliveryOutcome.Accepted));
            PurgeTombstones(publication, version);
        });
    }

    private void PurgeTombstones(Publication publication, long version)
    {
        if (publication.Payload.IsEmpty && ++_tombstones >= TombstonesKept)
        {
            _tombstones = 0;
            _commits.Write(new StoreWrite.PurgeTombstones(_partition, version));
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
}
