using Akka.Cluster;

namespace Broker.Actors.Clustering.Operations;

/// <summary>What this node knows of the primary. Any thread.</summary>
internal sealed class PrimaryView
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _highest;
    private volatile PrimaryReport? _report;

    /// <summary>The primary's last report; null: there is none now that this node knows of.</summary>
    public PrimaryReport? Report => _report;

    /// <summary>False: it comes from a node that is the primary no more.</summary>
    public bool Apply(PrimaryReport report)
    {
        lock (_gate)
        {
            if (report.Term < _highest)
            {
                return false;
            }

            _highest = report.Term;
            _report = report;
            Announce();
            return true;
        }
    }

    /// <summary>The node is a member no more.</summary>
    public void Forget(UniqueAddress node)
    {
        lock (_gate)
        {
            if (node.Equals(_report?.Primary))
            {
                _report = null;
                Announce();
            }
        }
    }

    /// <summary>Returns once it is <paramref name="node"/>'s turn to drain, or after <paramref name="longest"/>.</summary>
    public async Task WhenTurnOfAsync(UniqueAddress node, TimeSpan longest, TimeProvider time, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            while (true)
            {
                Task changed;
                lock (_gate)
                {
                    if (node.Equals(_report?.Turn))
                    {
                        return;
                    }

                    changed = _changed.Task;
                }

                await changed.WaitAsync(either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            // It has waited long enough.
        }
    }

    private void Announce()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
