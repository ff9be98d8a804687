namespace Broker.Actors.Clustering.Membership;

/// <summary>
/// Whether the split brain resolver waits for its lease. It acts on the decision that it made before, and takes no notice of what happens meanwhile: who does
/// can give the wait up, and have it decide anew.
/// </summary>
internal sealed class DecisionWait
{
    private readonly Lock _gate = new();
    private CancellationTokenSource? _current;

    /// <summary>Whether somebody waits now.</summary>
    public bool IsWaiting
    {
        get
        {
            lock (_gate)
            {
                return _current is not null;
            }
        }
    }

    /// <summary>Begins a wait; cancelled when it is given up.</summary>
    public CancellationToken Begin()
    {
        lock (_gate)
        {
            _current ??= new CancellationTokenSource();
            return _current.Token;
        }
    }

    /// <summary>It has its answer.</summary>
    public void End(CancellationToken wait)
    {
        lock (_gate)
        {
            if (_current?.Token == wait)
            {
                _current.Dispose();
                _current = null;
            }
        }
    }

    /// <summary>Whoever waits need not: nobody listens to the answer any more.</summary>
    public void GiveUp()
    {
        lock (_gate)
        {
            _current?.Cancel();
            _current = null;
        }
    }
}
