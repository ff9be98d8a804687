using Akka.Actor;
using Broker.Actors.Hosting;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Retained;

/// <summary>
/// Owns the order of writes to the retained topics of one partition: whatever node a message was published on, all
/// copies end up with the same one.
/// </summary>
internal sealed class RetainedActor : ReceiveActor
{
    private readonly Queue<(Set Write, Task Saved)> _saving = [];
    private readonly IRetainedStore _store;
    private readonly RetainedCopy _copy;
    private readonly LimitsOptions _limits;
    private readonly ILogger _logger;

    public RetainedActor(IRetainedStore store, RetainedCopy copy, LimitsOptions limits, ILogger<RetainedActor> logger)
    {
        _store = store;
        _copy = copy;
        _limits = limits;
        _logger = logger;
        Receive<Set>(OnSet);
        Receive<Saved>(_ => Drain());
        Receive<Ping>(_ => Sender.Tell(new Pong()));
    }

    private void OnSet(Set write)
    {
        if (!_copy.HasRoomFor(write.Publication, _limits))
        {
            RetainedLog.Full(_logger, write.Publication.Topic, _copy.Count, _copy.Bytes);
            write.ReplyTo.Tell(new Applied(write.Number, DeliveryOutcome.QueueFull));
            return;
        }

        var saved = _store.SaveAsync(write.Publication);
        _saving.Enqueue((write, saved));
        if (saved.IsCompleted)
        {
            Drain();
        }
        else
        {
            saved.ContinueWith(static (_, self) => ((IActorRef)self!).Tell(Saved.Instance), Self, TaskScheduler.Default);
        }
    }

    /// <summary>In the order of arrival, whichever was saved first.</summary>
    private void Drain()
    {
        while (_saving.TryPeek(out var head) && head.Saved.IsCompleted)
        {
            _saving.Dequeue();
            if (!head.Saved.IsCompletedSuccessfully)
            {
                var problem = head.Saved.Exception?.GetBaseException().Message ?? "the write was cancelled";
                RetainedLog.NotSaved(_logger, head.Write.Publication.Topic, problem);
                head.Write.ReplyTo.Tell(new Applied(head.Write.Number, DeliveryOutcome.Failed));
                continue;
            }

            _copy.Apply(new RetainedMessage(head.Write.Publication, head.Write.Number));
            head.Write.ReplyTo.Tell(new Applied(head.Write.Number, DeliveryOutcome.Accepted));
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

    private sealed class Saved
    {
        public static Saved Instance { get; } = new();
    }
}
