using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Broker.Node.Azure;

/// <summary>
/// Listens to the machine's Scheduled Events: the node leaves before the machine does, and turns new clients away while it is going to stand still. An event
/// that concerns this machine alone is approved once that is done, so that nobody waits for the time that Azure has set.
/// </summary>
/// <param name="options">Where and how often.</param>
/// <param name="loadBalancer"><c>mqtt.drain.wait</c>: until the load balancer has noticed that the node is not ready.</param>
/// <param name="node">Whom it concerns.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For its own lines.</param>
internal sealed class MaintenanceWatch(AzureOptions options, TimeSpan loadBalancer, IMaintainedNode node, TimeProvider time, ILogger<MaintenanceWatch> logger) : IAsyncDisposable
{
    /// <summary>The process ends soon after, whatever the service says.</summary>
    private static readonly TimeSpan ApprovalPatience = TimeSpan.FromSeconds(5);

    private readonly MetadataService _service = new(new Uri(options.MetadataAddress));
    private readonly CancellationTokenSource _stop = new();
    private Task _listening = Task.CompletedTask;
    private volatile ScheduledEvent? _leaving;
    private ScheduledEvent? _turningAway;
    private long _turnedAwayAt;
    private bool _isFreezeApproved;
    private bool _isUnreachable;

    /// <summary>Begins to listen, where that is wanted.</summary>
    public void Start()
    {
        if (options.ScheduledEvents)
        {
            _listening = ListenAsync(_stop.Token);
        }
    }

    /// <summary>The node has left: the event for which it did may begin.</summary>
    public async Task ApproveAsync()
    {
        if (_leaving is { } leaving && MaintenancePlan.MayApprove(leaving))
        {
            using var patience = new CancellationTokenSource(ApprovalPatience, time);
            await ApproveAsync(leaving, patience.Token);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening;
        _stop.Dispose();
        _service.Dispose();
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        string? machine = null;
        using var timer = new PeriodicTimer(options.PollInterval, time);
        try
        {
            do
            {
                try
                {
                    if (machine is null)
                    {
                        machine = await _service.GetNameAsync(stop);
                        MaintenanceLog.Listening(logger, machine);
                    }

                    await ActAsync(MaintenancePlan.For(await _service.GetEventsAsync(stop), machine, time.GetUtcNow()), stop);
                    _isUnreachable = false;
                }
                catch (Exception problem) when (problem is HttpRequestException or JsonException or TaskCanceledException && !stop.IsCancellationRequested)
                {
                    ReportUnreachable(problem.Message);
                }
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    private async Task ActAsync(MaintenancePlan plan, CancellationToken stop)
    {
        if (plan.Leave is { } leave && (_leaving is null || leave.EventId != _leaving.EventId))
        {
            var available = leave.Until(time.GetUtcNow());
            MaintenanceLog.Leaving(logger, leave.EventType, available, leave.EventId, leave.Description);
            _leaving = leave;
            node.LeaveWithin(available);
        }

        if (plan.TurnAway is { } freeze)
        {
            await TurnAwayAsync(freeze, stop);
        }
        else if (_turningAway is not null)
        {
            _turningAway = null;
            MaintenanceLog.Over(logger);
            node.TurnAway(null);
        }
    }

    private async Task TurnAwayAsync(ScheduledEvent freeze, CancellationToken stop)
    {
        if (_turningAway?.EventId != freeze.EventId)
        {
            MaintenanceLog.TurningAway(logger, freeze.EventType, freeze.Until(time.GetUtcNow()), freeze.EventId, freeze.Description);
            (_turningAway, _turnedAwayAt, _isFreezeApproved) = (freeze, time.GetTimestamp(), false);
            node.TurnAway("Azure is going to freeze this machine for some seconds");
        }

        if (!_isFreezeApproved && MaintenancePlan.MayApprove(freeze) && time.GetElapsedTime(_turnedAwayAt) >= loadBalancer)
        {
            _isFreezeApproved = true;
            await ApproveAsync(freeze, stop);
        }
    }

    private async Task ApproveAsync(ScheduledEvent one, CancellationToken cancellation)
    {
        try
        {
            await _service.ApproveAsync(one.EventId, cancellation);
            MaintenanceLog.Approved(logger, one.EventId);
        }
        catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException)
        {
            MaintenanceLog.NotApproved(logger, one.EventId, problem.Message);
        }
    }

    private void ReportUnreachable(string problem)
    {
        if (!_isUnreachable)
        {
            _isUnreachable = true;
            MaintenanceLog.Unreachable(logger, problem);
        }
    }
}
