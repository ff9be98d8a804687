using Broker.Actors.Connections;
using Broker.Actors.Tracing;

namespace Broker.Actors.Sessions;

/// <summary>What operators see of the session's queue while they trace its client, or its messages.</summary>
internal sealed partial class SessionActor
{
    /// <summary>The client does not get so many messages.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="topic">Of the message; null: they have several, or it is not at hand.</param>
    /// <param name="count">0 or more.</param>
    private void Drop(DropReason reason, string? topic, long count = 1)
    {
        _services.Dropped.Add(reason, (int)Math.Min(count, int.MaxValue));
        if (count > 0 && _services.Traces.IsOn)
        {
            Trace(TraceEvents.Dropped, topic, reason.Name(), count);
        }
    }

    private void Trace(string what, string? topic, string reason, long count = 1)
    {
        if (_services.Traces.For(_clientId, address: null) is { } traces)
        {
            NodeTraces.Record(traces, topic, () => new TraceLine
            {
                Time = _services.Time.GetUtcNow(),
                Node = _services.Traces.Node,
                Event = what,
                ClientId = TraceText.Cut(_clientId),
                Topic = TraceText.Cut(topic),
                Reason = reason,
                Count = count == 1 ? null : count,
            });
        }
    }
}
