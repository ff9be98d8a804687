using System.Diagnostics.CodeAnalysis;

namespace Broker.Actors.Retained;

/// <summary>One node's writes to one partition: one batch under way, the rest behind it in order.</summary>
internal sealed class RetainedLane
{
    /// <summary>Writes of a batch.</summary>
    public const int MostWrites = 200;

    /// <summary>Bytes of topics and payloads above which no further write joins a batch; one alone may be larger.</summary>
    public const int MostBytes = 128 * 1024;

    private readonly Queue<RetainedProtocol.Write> _waiting = [];
    private List<RetainedProtocol.Write>? _current;
    private long _number;
    private bool _isNew;

    public void Add(RetainedProtocol.Write write) => _waiting.Enqueue(write);

    /// <summary>False: one is under way, or there is nothing to send.</summary>
    /// <param name="number">What the batch is called.</param>
    /// <param name="writes">Its writes, in order.</param>
    public bool TryBegin(long number, [NotNullWhen(true)] out List<RetainedProtocol.Write>? writes)
    {
        writes = null;
        if (_current is not null || _waiting.Count == 0)
        {
            return false;
        }

        writes = [];
        var bytes = 0;
        while (writes.Count < MostWrites && _waiting.TryPeek(out var next) && (writes.Count == 0 || bytes + next.Publication.Size <= MostBytes))
        {
            bytes += next.Publication.Size;
            writes.Add(_waiting.Dequeue());
        }

        _current = writes;
        _number = number;
        _isNew = true;
        return true;
    }

    /// <summary>The writes of this batch; null where it is not the one under way.</summary>
    public IReadOnlyList<RetainedProtocol.Write>? Complete(long number)
    {
        if (_current is not { } done || _number != number)
        {
            return null;
        }

        _current = null;
        return done;
    }

    /// <summary>The batch that has been under way since before the last time this was asked.</summary>
    public bool Repeat(out long number, [NotNullWhen(true)] out List<RetainedProtocol.Write>? writes)
    {
        number = _number;
        writes = _isNew ? null : _current;
        _isNew = false;
        return writes is not null;
    }
}
