using System.Net;

namespace Broker.Actors.Tracing;

/// <summary>
/// The traces that run on this node. Any thread. Where there are none, a connection pays one look at a field of its own for a packet, and a session's owner one at
/// <see cref="IsOn"/> for a message.
/// </summary>
internal sealed class NodeTraces
{
    /// <summary>Traces at a time: each costs what it traces some microseconds a packet.</summary>
    public const int Most = 8;

    /// <summary>Who fetches nothing for so long is gone: it asks several times a second.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Dictionary<string, NodeTrace> _byId = [];
    private volatile NodeTrace[] _all = [];

    /// <param name="time">The clock.</param>
    /// <param name="node">This one, as lines name it.</param>
    public NodeTraces(TimeProvider? time = null, string node = "")
    {
        _time = time ?? TimeProvider.System;
        Node = node;
    }

    public string Node { get; }

    /// <summary>Whether any runs.</summary>
    public bool IsOn => _all.Length > 0;

    /// <summary>
    /// Makes every connection look again at which traces concern it, and calls the action once they have. Set once, before the first trace.
    /// </summary>
    public Action<Action> Changed { get; set; } = static then => then();

    /// <summary>Those that may want something of a connection, or of a session, whose address is not known; null: none.</summary>
    public NodeTrace[]? For(string clientId, EndPoint? address)
    {
        var all = _all;
        var count = all.Count(trace => trace.Filter.Concerns(clientId, address));
        return count == 0 ? null : count == all.Length ? all : [.. all.Where(trace => trace.Filter.Concerns(clientId, address))];
    }

    /// <summary>The trace of this id, begun where it is not there yet; null: too many run.</summary>
    public NodeTrace? Find(string id, TraceRequest request)
    {
        NodeTrace? begun;
        lock (_gate)
        {
            if (_byId.TryGetValue(id, out var known))
            {
                return known;
            }

            if (_byId.Count == Most)
            {
                return null;
            }

            begun = new NodeTrace(id, request, _time);
            _byId.Add(id, begun);
            _all = [.. _byId.Values];
        }

        Changed(() => begun.Add(new TraceLine { Time = _time.GetUtcNow(), Node = Node, Event = TraceEvents.Tracing }));
        return begun;
    }

    /// <summary>Nobody wants its lines any more.</summary>
    public void Remove(string id) => RemoveWhere(trace => trace.Id == id);

    /// <summary>Ends those that nobody fetches from.</summary>
    public void Expire() => RemoveWhere(trace => _time.GetElapsedTime(trace.FetchedAt) >= Patience);

    /// <summary>Gives the traces that want it a line, which is made for the first that has room.</summary>
    /// <param name="traces">Of <see cref="For"/>.</param>
    /// <param name="topic">Of the message; null: it is about none.</param>
    /// <param name="make">The line.</param>
    public static void Record(NodeTrace[] traces, string? topic, Func<TraceLine> make)
    {
        TraceLine? line = null;
        foreach (var trace in traces)
        {
            if (trace.Filter.Wants(topic) && trace.TryTake())
            {
                trace.Add(line ??= make());
            }
        }
    }

    private void RemoveWhere(Func<NodeTrace, bool> ends)
    {
        lock (_gate)
        {
            var ended = _byId.Values.Where(ends).ToList();
            if (ended.Count == 0)
            {
                return;
            }

            foreach (var trace in ended)
            {
                _byId.Remove(trace.Id);
            }

            _all = [.. _byId.Values];
        }

        Changed(static () => { });
    }
}
