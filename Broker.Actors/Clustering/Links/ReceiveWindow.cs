namespace Broker.Actors.Clustering.Links;

/// <summary>
/// How far a peer's numbered items have come: each is taken once and in order, however often it is sent; acknowledged are all up to the first that is not done.
/// Single-threaded.
/// </summary>
internal sealed class ReceiveWindow
{
    private readonly HashSet<long> _done = [];
    private long _askedFor;

    /// <summary>The last that has come.</summary>
    public long Received { get; private set; }

    /// <summary>All up to here are done.</summary>
    public long Done { get; private set; }

    /// <summary>What to do with an item that has come.</summary>
    public LinkArrival Receive(long sequence)
    {
        if (sequence <= Received)
        {
            return LinkArrival.Duplicate;
        }

        if (sequence == Received + 1)
        {
            Received = sequence;
            return LinkArrival.Next;
        }

        // Everything behind the gap comes here: it is asked for once, and the sender's own patience does the rest.
        if (_askedFor == Received + 1)
        {
            return LinkArrival.BehindGap;
        }

        _askedFor = Received + 1;
        return LinkArrival.Gap;
    }

    /// <summary>It is done; true: <see cref="Done"/> has moved.</summary>
    public bool Complete(long sequence)
    {
        if (sequence != Done + 1)
        {
            _done.Add(sequence);
            return false;
        }

        do
        {
            Done++;
        }
        while (_done.Remove(Done + 1));

        return true;
    }
}

/// <summary>What an item is to the one it reaches.</summary>
internal enum LinkArrival
{
    /// <summary>New, and in its place.</summary>
    Next,

    /// <summary>It was here before.</summary>
    Duplicate,

    /// <summary>Something before it is missing: ask for it.</summary>
    Gap,

    /// <summary>The same, and it was asked for.</summary>
    BehindGap,
}
