using System.Text.Json;
using Akka.Actor;
using Akka.Cluster;

namespace Broker.Actors.Tracing;

/// <summary>Gives the lines of this node's traces to the nodes that were asked for them.</summary>
internal sealed class TraceActor : ReceiveActor, IWithTimers
{
    /// <summary>Lines in one answer at most; each has a few hundred bytes, and some kB where names are as long as they may be.</summary>
    public const int MostLines = 250;

    private static readonly TimeSpan ExpireEvery = TimeSpan.FromSeconds(1);

    private readonly UniqueAddress _self;
    private readonly NodeTraces _traces;

    public TraceActor(UniqueAddress self, NodeTraces traces)
    {
        _self = self;
        _traces = traces;
        Receive<TraceProtocol.Fetch>(OnFetch);
        Receive<TraceProtocol.End>(end => _traces.Remove(end.Id));
        Receive<Expire>(_ => OnExpire());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private void OnFetch(TraceProtocol.Fetch fetch)
    {
        if (_traces.Find(fetch.Id, new TraceRequest(fetch.Filter, TraceRequest.LongestDuration, fetch.Rate)) is not { } trace)
        {
            Sender.Tell(new TraceProtocol.Fetched(_self, IsRefused: true, 0, 0, []));
            return;
        }

        if (!Timers.IsTimerActive(nameof(Expire)))
        {
            Timers.StartPeriodicTimer(nameof(Expire), Expire.Instance, ExpireEvery);
        }

        var batch = trace.Fetch(fetch.Confirmed, MostLines);
        var lines = batch.Lines.Select(static line => JsonSerializer.SerializeToUtf8Bytes(line, TraceJson.Default.TraceLine)).ToArray();
        Sender.Tell(new TraceProtocol.Fetched(_self, IsRefused: false, batch.Number, batch.LeftOut, lines));
    }

    private void OnExpire()
    {
        _traces.Expire();
        if (!_traces.IsOn)
        {
            Timers.Cancel(nameof(Expire));
        }
    }

    private sealed record Expire
    {
        public static Expire Instance { get; } = new();
    }
}
