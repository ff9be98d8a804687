using Akka.Actor;

namespace Broker.Actors.Retained;

/// <summary>
/// Keeps this node's copy up with the owners of partitions on other nodes: applies their changes in order, and reads from the database what it has missed. Also
/// answers other nodes when what was published here has reached all copies.
/// </summary>
internal sealed class RetainedCopyActor : UntypedActor
{
    private readonly Dictionary<int, RetainedProtocol.Change> _reading = [];
    private readonly RetainedServices _services;
    private readonly RetainedGateway _gateway;

    public RetainedCopyActor(RetainedServices services, RetainedGateway gateway)
    {
        _services = services;
        _gateway = gateway;
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RetainedProtocol.Change change:
                OnChange(change);
                break;
            case Read read:
                OnRead(read);
                break;
            case RetainedProtocol.WhenApplied question:
                var answer = new RetainedProtocol.AllApplied(question.Question);
                if (_gateway.IsCaughtUp(question.Barrier, () => question.ReplyTo.Tell(answer, ActorRefs.NoSender)))
                {
                    question.ReplyTo.Tell(answer);
                }

                break;
        }
    }

    private void OnChange(RetainedProtocol.Change change)
    {
        var version = _services.Copy.VersionOf(change.Partition);
        if (change.Version <= version)
        {
            Pass(change.Owner, change.Partition, version);
        }
        else if (_reading.ContainsKey(change.Partition))
        {
            _reading[change.Partition] = change;
        }
        else if (change.Version == version + 1 && change.Publication is { } publication)
        {
            _services.Copy.Apply(new RetainedMessage(publication, change.Origin, change.WriteNumber), change.Partition, change.Version);
            _gateway.Remote.Applied(publication.Topic, change.Origin, change.WriteNumber);
            Pass(change.Owner, change.Partition, change.Version);
        }
        else
        {
            _reading.Add(change.Partition, change);
            _services.Reload(change.Partition).PipeTo(
                Self,
                success: reached => new Read(change.Partition, change.Version, reached, null),
                failure: problem => new Read(change.Partition, change.Version, 0, problem));
        }
    }

    private void OnRead(Read read)
    {
        _reading.Remove(read.Partition, out var latest);
        if (read.Problem is { } problem)
        {
            // The owner repeats the change, and that starts it again.
            RetainedLog.NotRead(_services.Logger, read.Partition, problem.GetBaseException().Message);
            return;
        }

        // Changes are sent once they are committed: what the read did not find up to here is a tombstone that was removed, or a save that failed.
        _services.Copy.Advance(read.Partition, Math.Max(read.Asked, read.Reached));
        OnChange(latest!);
    }

    private void Pass(IActorRef owner, int partition, long version) =>
        owner.Tell(new RetainedProtocol.Passed(partition, version, _services.Members.Self.Uid));

    private sealed record Read(int Partition, long Asked, long Reached, Exception? Problem);
}
