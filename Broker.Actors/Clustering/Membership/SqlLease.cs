using Akka.Actor;
using Akka.Coordination;
using Broker.Actors.Storage;
using Broker.Actors.Storage.Sql;
using Broker.Actors.Storage.Sql.Reading;

namespace Broker.Actors.Clustering.Membership;

/// <summary>
/// A lease in the shared database, <c>akka.coordination.mqtt-lease</c>. <see cref="Acquire()"/> says no only for certain: while the database does not answer
/// it waits, up to <c>mqtt.cluster.lease-wait</c> (hard case 7), and where another node holds the lease, until that has renewed it, so that the lease of a
/// node that died is waited for. <see cref="Release"/> waits for nobody: what cannot be told runs out.
/// </summary>
internal sealed class SqlLease : Lease
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly NodeSetup _setup;
    private readonly SqlLeases _leases;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private CancellationTokenSource? _held;
    private long _term;
    private long _confirmedAt;

    /// <summary>Called by Akka.</summary>
    public SqlLease(LeaseSettings settings, ExtendedActorSystem system)
        : this(settings, NodeSetup.Of(system), TimeProvider.System)
    {
    }

    internal SqlLease(LeaseSettings settings, NodeSetup setup, TimeProvider time)
        : base(settings)
    {
        (_setup, _time) = (setup, time);
        _leases = new SqlLeases(setup.Dialect);
    }

    private TimeSpan Validity => Settings.TimeoutSettings.HeartbeatTimeout;

    private long Node => _setup.Registration?.Key ?? throw new LeaseException("This node is not registered yet.");

    /// <inheritdoc/>
    public override Task<bool> Acquire() => Acquire(static _ => { });

    /// <inheritdoc/>
    public override async Task<bool> Acquire(Action<Exception?> leaseLostCallback)
    {
        var wait = _setup.Decisions.Begin();
        try
        {
            return await AcquireAsync(leaseLostCallback, wait).ConfigureAwait(false);
        }
        finally
        {
            _setup.Decisions.End(wait);
        }
    }

    /// <inheritdoc/>
    public override async Task<bool> Release()
    {
        long term;
        lock (_gate)
        {
            term = _term;
            Stop();
        }

        if (term > 0)
        {
            using var timeout = new CancellationTokenSource(Settings.TimeoutSettings.OperationTimeout);
            await _leases.ReleaseAsync(Settings.LeaseName, Node, term, timeout.Token).ConfigureAwait(false);
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool CheckLease()
    {
        lock (_gate)
        {
            return _held is not null && _time.GetElapsedTime(_confirmedAt) < Validity;
        }
    }

    private async Task<bool> AcquireAsync(Action<Exception?> lost, CancellationToken wait)
    {
        var since = _time.GetTimestamp();
        long? seen = null;
        while (true)
        {
            wait.ThrowIfCancellationRequested();
            var sentAt = _time.GetTimestamp();
            var (answer, problem) = await AskAsync(wait).ConfigureAwait(false);
            if (answer is { } told)
            {
                if (told.Term is { } term)
                {
                    if (wait.IsCancellationRequested)
                    {
                        await _leases.ReleaseAsync(Settings.LeaseName, Node, term, CancellationToken.None).ConfigureAwait(false);
                        wait.ThrowIfCancellationRequested();
                    }

                    Hold(term, sentAt, lost);
                    return true;
                }

                if (told.IsRevoked || told.HeldUntil > seen)
                {
                    return false;
                }

                seen = told.HeldUntil;
            }
            else if (_time.GetElapsedTime(since) >= _setup.Options.Cluster.LeaseWait)
            {
                throw new LeaseTimeoutException($"The database has not answered for {_setup.Options.Cluster.LeaseWait.TotalSeconds:0} s: {problem!.Message}");
            }

            await Task.Delay(Pause, _time, wait).ConfigureAwait(false);
        }
    }

    private async Task<(LeaseAnswer? Answer, Exception? Problem)> AskAsync(CancellationToken wait)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(wait);
        timeout.CancelAfter(Settings.TimeoutSettings.OperationTimeout);
        try
        {
            return (await _leases.AcquireAsync(Settings.LeaseName, Node, Validity, timeout.Token).ConfigureAwait(false), null);
        }
        catch (Exception problem) when (Guard.IsAway(problem) || (problem is OperationCanceledException && !wait.IsCancellationRequested))
        {
            return (null, problem);
        }
    }

    private void Hold(long term, long sentAt, Action<Exception?> lost)
    {
        lock (_gate)
        {
            Stop();
            (_term, _confirmedAt, _held) = (term, sentAt, new CancellationTokenSource());
            _ = KeepAsync(term, lost, _held.Token);
        }
    }

    private void Stop()
    {
        _held?.Cancel();
        _held?.Dispose();
        (_held, _term) = (null, 0);
    }

    private async Task KeepAsync(long term, Action<Exception?> lost, CancellationToken held)
    {
        using var timer = new PeriodicTimer(Settings.TimeoutSettings.HeartbeatInterval, _time);
        Exception? problem = null;
        try
        {
            while (await timer.WaitForNextTickAsync(held).ConfigureAwait(false))
            {
                (var isKept, problem) = await RenewAsync(term, held).ConfigureAwait(false);
                if (!isKept)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Released.
            return;
        }

        lock (_gate)
        {
            if (_term == term)
            {
                Stop();
            }
        }

        lost(problem);
    }

    private async Task<(bool IsKept, Exception? Problem)> RenewAsync(long term, CancellationToken held)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(held);
        timeout.CancelAfter(Settings.TimeoutSettings.OperationTimeout);
        var sentAt = _time.GetTimestamp();
        try
        {
            if (!await _leases.RenewAsync(Settings.LeaseName, Node, term, Validity, timeout.Token).ConfigureAwait(false))
            {
                return (false, null);
            }

            lock (_gate)
            {
                _confirmedAt = sentAt;
            }

            return (true, null);
        }
        catch (Exception problem) when (Guard.IsAway(problem) || (problem is OperationCanceledException && !held.IsCancellationRequested))
        {
            return (_time.GetElapsedTime(_confirmedAt) < Validity, problem);
        }
    }
}
