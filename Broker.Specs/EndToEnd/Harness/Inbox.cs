using Broker.Protocol.Packets;

namespace Broker.Specs.EndToEnd.Harness;

/// <summary>The packets that a connection has received and its spec has not looked at yet.</summary>
internal sealed class Inbox
{
    private readonly Lock _lock = new();
    private readonly List<Packet> _waiting = [];
    private readonly List<Packet> _all = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closed;
    private Exception? _cause;

    /// <summary>Whether nothing more will come.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                return _closed;
            }
        }
    }

    /// <summary>What made that which came last undecodable; null: the connection was closed, or still is open.</summary>
    public Exception? Cause
    {
        get
        {
            lock (_lock)
            {
                return _cause;
            }
        }
    }

    /// <summary>Everything received since the beginning, for failure messages.</summary>
    public string Transcript()
    {
        lock (_lock)
        {
            var end = !_closed ? "(open)" : _cause is null ? "(closed)" : $"(what followed could not be decoded: {_cause.Message})";
            return string.Join('\n', [.. _all.TakeLast(40).Select(packet => packet.Describe()), end]);
        }
    }

    /// <summary>Everything received since the beginning.</summary>
    public IReadOnlyList<Packet> Everything()
    {
        lock (_lock)
        {
            return [.. _all];
        }
    }

    /// <summary>A packet has arrived.</summary>
    public void Add(Packet packet)
    {
        lock (_lock)
        {
            _waiting.Add(packet);
            _all.Add(packet);
            Announce();
        }
    }

    /// <summary>The connection is gone, or what came cannot be decoded.</summary>
    public void Close(Exception? cause)
    {
        lock (_lock)
        {
            _closed = true;
            _cause = cause;
            Announce();
        }
    }

    /// <summary>
    /// Takes the first packet that fits, leaving those before it. Null: none came before the connection closed or the deadline passed.
    /// </summary>
    public async Task<Packet?> TakeAsync(Func<Packet, bool> fits, TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                var index = _waiting.FindIndex(packet => fits(packet));
                if (index >= 0)
                {
                    var found = _waiting[index];
                    _waiting.RemoveAt(index);
                    return found;
                }

                if (_closed)
                {
                    return null;
                }

                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    /// <summary>Waits for the end of the connection. False: it is still open.</summary>
    public async Task<bool> ClosedAsync(TimeSpan limit)
    {
        await TakeAsync(_ => false, limit);
        return _closed;
    }

    private void Announce()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
