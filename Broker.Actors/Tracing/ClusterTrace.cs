using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Clustering;
using Broker.Protocol.Transport.Limits;

namespace Broker.Actors.Tracing;

/// <summary>
/// A trace of the whole cluster, on the node that was asked for it: it fetches from every member, those that join meanwhile too, so that it does not matter where the
/// client is, or where it comes again. A reader that is slow is waited for: what happens meanwhile is counted where it happens.
/// </summary>
internal sealed class ClusterTrace(ActorSystem system, TraceRequest request, TimeProvider time)
{
    /// <summary>Lines that wait here for the reader.</summary>
    private const int MostWaiting = 1_000;

    /// <summary>How often each member is asked.</summary>
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(200);

    /// <summary>A little over a round: lines of other nodes about the same moment are brought into the order of their times.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(250);

    /// <summary>As many as hold all that waits on a node: more has come since.</summary>
    private const int MostLastAnswers = (NodeTrace.MostWaiting / TraceActor.MostLines) + 1;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Cluster _cluster = Cluster.Get(system);
    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly Channel<TraceLine> _lines = Channel.CreateBounded<TraceLine>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    private string Self => _cluster.SelfAddress.ToString();

    private bool IsStopped => system.WhenTerminated.IsCompleted;

    /// <summary>Its lines as they come, until its time is up.</summary>
    /// <param name="cancellation">The reader wants no more.</param>
    public async IAsyncEnumerable<TraceLine> RunAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(request.Duration, time);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, gone.Token);
        var fetching = FetchAllAsync(over.Token, gone.Token);
        try
        {
            await foreach (var line in ReadAsync(gone.Token).ConfigureAwait(false))
            {
                yield return line;
            }
        }
        finally
        {
            // Where the reader has left, nobody may wait for it any more.
            await gone.CancelAsync().ConfigureAwait(false);
            await fetching.ConfigureAwait(false);
        }

        yield return Own(TraceEvents.Ended) with { Reason = timer.IsCancellationRequested ? "its time is up" : "the node that was asked for it stops" };
    }

    /// <summary>In the order of their times as far as they have come, and no more than the rate allows.</summary>
    private async IAsyncEnumerable<TraceLine> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var rate = new TokenBucket(request.Rate, Second, Tick());
        var (leftOut, toldAt) = (0L, time.GetTimestamp());
        var batch = new List<TraceLine>();
        while (await _lines.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
        {
            await Task.Delay(Gather, time, cancellation).ConfigureAwait(false);
            batch.Clear();
            while (batch.Count < MostWaiting && _lines.Reader.TryRead(out var line))
            {
                batch.Add(line);
            }

            foreach (var line in batch.OrderBy(static line => line.Time))
            {
                if (line.Event is TraceEvents.Tracing or TraceEvents.LeftOut or TraceEvents.Missing)
                {
                    // About the trace itself: few, and never to be missed.
                    yield return line;
                }
                else if (rate.WaitForOne(Tick()) > 0)
                {
                    leftOut++;
                }
                else
                {
                    rate.Take(1, Tick());
                    yield return line;
                }
            }

            if (leftOut > 0 && time.GetElapsedTime(toldAt) >= Second)
            {
                yield return Own(TraceEvents.LeftOut) with { Count = leftOut };
                (leftOut, toldAt) = (0, time.GetTimestamp());
            }
        }

        if (leftOut > 0)
        {
            yield return Own(TraceEvents.LeftOut) with { Count = leftOut };
        }
    }

    private async Task FetchAllAsync(CancellationToken over, CancellationToken gone)
    {
        var fetches = new Dictionary<UniqueAddress, Task>();
        while (!over.IsCancellationRequested && !IsStopped)
        {
            foreach (var node in Members())
            {
                if (!fetches.ContainsKey(node))
                {
                    fetches.Add(node, FetchAsync(node, over, gone));
                }
            }

            await PauseAsync(Round, over).ConfigureAwait(false);
        }

        try
        {
            await Task.WhenAll(fetches.Values).ConfigureAwait(false);
        }
        finally
        {
            _lines.Writer.Complete();
        }

        foreach (var node in fetches.Keys)
        {
            node.On(system, NodeActors.Tracing).Tell(new TraceProtocol.End(_id));
        }
    }

    /// <summary>From one member, until it is none any more or the time is up: then what waits there at that moment.</summary>
    private async Task FetchAsync(UniqueAddress node, CancellationToken over, CancellationToken gone)
    {
        var (confirmed, isMissing, isLast, lastAnswers) = (0L, false, false, 0);
        while (!isLast && !IsStopped && Members().Contains(node))
        {
            var isOver = over.IsCancellationRequested;
            var answer = await AskAsync(node, confirmed, isOver ? gone : over).ConfigureAwait(false);
            isLast = isOver && (answer is not { Lines.Count: TraceActor.MostLines } || ++lastAnswers == MostLastAnswers);
            if (answer is { IsRefused: false })
            {
                isMissing = false;
                if (answer.Number != confirmed)
                {
                    confirmed = answer.Number;
                    await DeliverAsync(answer, gone).ConfigureAwait(false);
                }
            }
            else if (!isMissing && !over.IsCancellationRequested)
            {
                isMissing = true;
                await WriteAsync(
                    new TraceLine
                    {
                        Time = time.GetUtcNow(),
                        Node = node.Address.ToString(),
                        Event = TraceEvents.Missing,
                        Reason = answer is null ? "it does not answer: what happens there is not seen" : $"it traces for {NodeTraces.Most} others already",
                    },
                    gone).ConfigureAwait(false);
            }

            await PauseAsync(Round, over).ConfigureAwait(false);
        }
    }

    private async Task DeliverAsync(TraceProtocol.Fetched answer, CancellationToken gone)
    {
        foreach (var json in answer.Lines)
        {
            await WriteAsync(JsonSerializer.Deserialize(json, TraceJson.Default.TraceLine)!, gone).ConfigureAwait(false);
        }

        if (answer.LeftOut > 0)
        {
            await WriteAsync(
                new TraceLine { Time = time.GetUtcNow(), Node = answer.Node.Address.ToString(), Event = TraceEvents.LeftOut, Count = answer.LeftOut }, gone).ConfigureAwait(false);
        }
    }

    /// <summary>Waits while the reader is behind.</summary>
    private async Task WriteAsync(TraceLine line, CancellationToken gone)
    {
        try
        {
            await _lines.Writer.WriteAsync(line, gone).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // Nobody reads any more.
        }
    }

    /// <summary>Null: no answer in time, as from a node that is frozen, or runs a version that does not know the question.</summary>
    private async Task<TraceProtocol.Fetched?> AskAsync(UniqueAddress node, long confirmed, CancellationToken cancellation)
    {
        try
        {
            return await node.On(system, NodeActors.Tracing)
                .Ask<TraceProtocol.Fetched>(new TraceProtocol.Fetch(_id, request.Filter, request.Rate, confirmed), AnswerTimeout, cancellation).ConfigureAwait(false);
        }
        catch (Exception silent) when (silent is AskTimeoutException or OperationCanceledException)
        {
            return null;
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken over)
    {
        try
        {
            await Task.Delay(pause, time, over).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // Whoever pauses looks whether it is over.
        }
    }

    private List<UniqueAddress> Members() => [.. _cluster.State.Members.Select(static member => member.UniqueAddress)];

    private TraceLine Own(string what) => new() { Time = time.GetUtcNow(), Node = Self, Event = what };

    private long Tick() => time.GetTimestamp() / (time.TimestampFrequency / 1000);
}
