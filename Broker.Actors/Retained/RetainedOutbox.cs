using Akka.Actor;
using Broker.Actors.Routing;

namespace Broker.Actors.Retained;

/// <summary>
/// This node's way to the owners of retained topics: what gathers for a partition while a batch is under way makes the next one, and a batch is repeated until
/// its owner, wherever that is by then, has answered it.
/// </summary>
internal sealed class RetainedOutbox : UntypedActor, IWithTimers
{
    private static readonly TimeSpan RepeatInterval = TimeSpan.FromSeconds(1);

    private readonly RetainedLane?[] _lanes = new RetainedLane?[RetainedMessageExtractor.Partitions];
    private readonly RetainedGateway _gateway;
    private readonly IActorRef _owners;
    private readonly int _origin;
    private long _lastBatch;

    /// <param name="gateway">Is told the outcomes.</param>
    /// <param name="owners">The shard region of <see cref="RetainedActor"/>.</param>
    /// <param name="origin">The uid of this node.</param>
    public RetainedOutbox(RetainedGateway gateway, IActorRef owners, int origin)
    {
        _gateway = gateway;
        _owners = owners;
        _origin = origin;
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Repeat), Repeat.Instance, RepeatInterval);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Submitted submitted:
                OnSubmitted(submitted);
                break;
            case RetainedProtocol.Answered answered:
                OnAnswered(answered);
                break;
            case Repeat:
                OnRepeat();
                break;
        }
    }

    private void OnSubmitted(Submitted submitted)
    {
        var partition = RetainedMessageExtractor.PartitionOfTopic(submitted.Publication.Topic);
        var lane = _lanes[partition] ??= new RetainedLane();
        lane.Add(new RetainedProtocol.Write(submitted.Number, submitted.Publication));
        SendNext(partition, lane);
    }

    private void OnAnswered(RetainedProtocol.Answered answered)
    {
        if (_lanes[answered.Partition] is not { } lane || lane.Complete(answered.Number) is not { } writes)
        {
            return;
        }

        for (var i = 0; i < writes.Count; i++)
        {
            _gateway.Complete(writes[i].Number, answered.Outcomes[i]);
        }

        SendNext(answered.Partition, lane);
    }

    private void SendNext(int partition, RetainedLane lane)
    {
        if (lane.TryBegin(_lastBatch + 1, out var writes))
        {
            _owners.Tell(new RetainedProtocol.Batch(partition, _origin, ++_lastBatch, writes, Self));
        }
    }

    private void OnRepeat()
    {
        for (var partition = 0; partition < _lanes.Length; partition++)
        {
            if (_lanes[partition] is { } lane && lane.Repeat(out var number, out var writes))
            {
                _owners.Tell(new RetainedProtocol.Batch(partition, _origin, number, writes, Self));
            }
        }
    }

    /// <summary>A write of this node, from an event loop.</summary>
    internal sealed record Submitted(long Number, Publication Publication);

    private sealed class Repeat : INotInfluenceReceiveTimeout
    {
        public static Repeat Instance { get; } = new();
    }
}
