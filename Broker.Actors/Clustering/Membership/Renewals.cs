using Broker.Actors.Storage;
using Broker.Actors.Storage.Sql.Reading;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Clustering.Membership;

/// <summary>
/// Renews this node's row every two seconds, and keeps the guard's watch. The watch has a thread of its own, since nothing else on a busy machine may keep it
/// from noticing that time has passed.
/// </summary>
internal sealed class Renewals : IDisposable
{
    /// <summary>From one renewal to the next.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Watch = TimeSpan.FromMilliseconds(200);

    /// <summary>A database that has not answered by then is asked again.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly INodeRegistry _registry;
    private readonly NodeGuard _guard;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action _onRevoked;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private Task _renewal = Task.CompletedTask;
    private long _lastSent;
    private bool _hasFailed;

    /// <param name="registry">This node is registered there.</param>
    /// <param name="guard">Told of each renewal.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For a database that does not answer.</param>
    /// <param name="onRevoked">Called once, on any thread, when the row is found revoked.</param>
    public Renewals(INodeRegistry registry, NodeGuard guard, TimeProvider time, ILogger logger, Action onRevoked)
    {
        (_registry, _guard, _time, _logger, _onRevoked) = (registry, guard, time, logger, onRevoked);
        _lastSent = time.GetTimestamp();
        _thread = new Thread(Run) { Name = "node-guard", IsBackground = true, Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopped.Cancel();
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
        _stopped.Dispose();
    }

    private void Run()
    {
        while (!_stop.Wait(Watch))
        {
            _guard.Tick();
            if (_renewal.IsCompleted && (_guard.IsDoubtful || _time.GetElapsedTime(_lastSent) >= Interval))
            {
                _lastSent = _time.GetTimestamp();
                _renewal = Task.Run(() => RenewAsync(_lastSent));
            }
        }
    }

    private async Task RenewAsync(long sentAt)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token);
        timeout.CancelAfter(Patience);
        try
        {
            if (await _registry.RenewAsync(timeout.Token).ConfigureAwait(false))
            {
                _hasFailed = false;
                _guard.Confirm(sentAt);
            }
            else
            {
                _guard.Revoke();
                _onRevoked();
            }
        }
        catch (Exception problem) when (Guard.IsAway(problem) || problem is OperationCanceledException)
        {
            if (!_hasFailed && !_stopped.IsCancellationRequested)
            {
                _hasFailed = true;
                MembershipLog.NotRenewed(_logger, problem.Message);
            }
        }
    }
}
