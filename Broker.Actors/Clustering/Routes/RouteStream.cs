using System.Diagnostics.CodeAnalysis;
using Broker.Actors.Clustering.Links;
using Broker.Actors.Routing;
using Broker.Actors.Storage.Encoding;

namespace Broker.Actors.Clustering.Routes;

/// <summary>
/// This node's changes on their way to one member: a snapshot, then the log, in batches. Where the member has lost its place, or the log does not reach back to
/// it, another stream begins. Single-threaded.
/// </summary>
internal sealed class RouteStream
{
    /// <summary>Unacknowledged batches at most.</summary>
    private const int Batches = 16;

    private const int ChangesPerRead = 1024;

    private readonly RouteTable _table;
    private readonly RemoteNode _node;
    private readonly ByteWriter _writer = new();
    private readonly List<RouteChange> _changes = [];
    private SendWindow<RouteContent> _window = null!;
    private List<RouteChange>? _snapshot;
    private int _snapshotSent;
    private long _next;
    private long _seen;
    private int _stalled;
    private int _patience;
    private bool _isProbing;

    public RouteStream(RouteTable table, RemoteNode node)
    {
        _table = table;
        _node = node;
        Restart();
    }

    /// <summary>Grows with each beginning.</summary>
    public long Number { get; private set; }

    /// <summary>Starts again with a snapshot.</summary>
    [MemberNotNull(nameof(_window))]
    public void Restart()
    {
        Number++;
        (_snapshot, var number) = _table.AddPeer(_node);
        _next = number + 1;
        _snapshotSent = 0;
        _window = new SendWindow<RouteContent>(Batches, LinkLimits.Credit);
    }

    /// <summary>The next batch to send, where there is something and room for it.</summary>
    public bool TryNext(out long sequence, [NotNullWhen(true)] out RouteContent? content)
    {
        content = _window.HasRoom ? _snapshot is null ? NextChanges() : NextOfSnapshot(_snapshot) : null;
        sequence = content is null ? 0 : _window.Add(content, content.Changes.Length);
        return content is not null;
    }

    /// <summary>The member has applied all batches up to here. False: it has lost its place, and this stream is over.</summary>
    public bool Acknowledge(long sequence, bool resend, long barrier)
    {
        if (resend && sequence < _window.Acknowledged)
        {
            return false;
        }

        while (_window.TryAcknowledge(sequence, out var content))
        {
            if (content.UpTo >= 0)
            {
                _table.Acknowledge(_node, content.UpTo, barrier);
            }
        }

        return true;
    }

    /// <summary>What the member lacks.</summary>
    public IEnumerable<(long Sequence, RouteContent Content)> Unacknowledged() => _window.Unacknowledged();

    /// <summary>From time to time: whether the member has answered nothing for long, so that the first batch is sent again.</summary>
    public bool ShouldProbe()
    {
        if (_window.IsEmpty || _seen != _window.Acknowledged)
        {
            _seen = _window.Acknowledged;
            (_stalled, _patience) = (0, 2);
            return false;
        }

        if (++_stalled < _patience)
        {
            return false;
        }

        (_stalled, _patience) = (0, Math.Min(_patience * 2, 20));
        return _isProbing = true;
    }

    /// <summary>Whether the answer that has come is one to a probe: what else is unacknowledged may be lost as well.</summary>
    public bool TakeProbing()
    {
        var wasProbing = _isProbing;
        _isProbing = false;
        return wasProbing;
    }

    private RouteContent NextOfSnapshot(List<RouteChange> snapshot)
    {
        var isFirst = _snapshotSent == 0;
        while (_snapshotSent < snapshot.Count && _writer.Length < LinkLimits.BatchBytes)
        {
            RouteCodec.Write(_writer, snapshot[_snapshotSent++]);
        }

        var isLast = _snapshotSent == snapshot.Count;
        _snapshot = isLast ? null : snapshot;
        return new RouteContent(isFirst, isLast, _writer.Take(), isLast ? _next - 1 : -1);
    }

    private RouteContent? NextChanges()
    {
        _changes.Clear();
        if (!_table.TryRead(_next, ChangesPerRead, _changes))
        {
            Restart();
            return NextOfSnapshot(_snapshot!);
        }

        if (_changes.Count == 0)
        {
            return null;
        }

        for (var i = 0; i < _changes.Count && _writer.Length < LinkLimits.BatchBytes; i++)
        {
            RouteCodec.Write(_writer, _changes[i]);
            _next++;
        }

        return new RouteContent(BeginsSnapshot: false, EndsSnapshot: false, _writer.Take(), _next - 1);
    }
}

/// <summary>A batch of changes.</summary>
/// <param name="BeginsSnapshot">It and what follows is all that there is.</param>
/// <param name="EndsSnapshot">Up to here.</param>
/// <param name="Changes">See <see cref="RouteCodec"/>.</param>
/// <param name="UpTo">Who has it knows all changes up to this number; -1: not yet.</param>
internal sealed record RouteContent(bool BeginsSnapshot, bool EndsSnapshot, byte[] Changes, long UpTo);
