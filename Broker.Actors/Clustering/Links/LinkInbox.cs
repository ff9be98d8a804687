namespace Broker.Actors.Clustering.Links;

/// <summary>The receiving end of one node's link. Single-threaded; outlives a restart of its actor.</summary>
internal sealed class LinkInbox(int uid)
{
    private readonly List<RefusedPick> _refused = [];
    private LinkTopics? _topics;

    /// <summary>Of the sending process.</summary>
    public int Uid { get; } = uid;

    public ReceiveWindow Window { get; } = new();

    public LinkTopics Topics => _topics ??= new LinkTopics();

    /// <summary>The sender was removed: what it still sends is nobody's.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Refusals that the sender may not know.</summary>
    public RefusedPick[] Refused => [.. _refused];

    /// <summary>Little more than the uid is kept of a sender that was removed.</summary>
    public void Close()
    {
        IsClosed = true;
        _topics = null;
        _refused.Clear();
    }

    /// <summary>The sender knows what became of all up to here.</summary>
    public void Confirm(long sequence)
    {
        if (_refused.Count > 0)
        {
            _refused.RemoveAll(refused => refused.Sequence <= sequence);
        }
    }

    /// <summary>The loops have taken this envelope; true: there is something to acknowledge.</summary>
    public bool Complete(long sequence, IReadOnlyList<int> refused)
    {
        foreach (var index in refused)
        {
            _refused.Add(new RefusedPick(sequence, index));
        }

        return Window.Complete(sequence);
    }
}
