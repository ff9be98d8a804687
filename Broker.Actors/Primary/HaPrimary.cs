using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Clustering.Operations;
using Broker.Actors.Draining;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;

namespace Broker.Actors.Primary;

/// <summary>
/// The one actor of the cluster that holds the primary role. It tells every node so, with the totals of the cluster and whose turn it is to drain. It counts
/// connections of nodes that are gone as closed, and wakes the sessions whose will or expiry is due and that nobody may hold in memory (hard case 8); it deletes
/// and publishes nothing itself: the session's entity decides.
/// </summary>
internal sealed class HaPrimary(PrimaryServices services) : UntypedActor, IWithTimers
{
    private const int MostAtOnce = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<UniqueAddress, NodeReport> _reports = [];
    private readonly DrainTurn _turn = new();
    private PrimaryTerm? _term;
    private bool _isTaking;
    private bool _isLooking;
    private bool _isStamping;
    private bool _hasToStamp = true;
    private bool _hasFailed;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        services.Members.Subscribe(Self);
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TimeSpan.Zero, Interval);
    }

    /// <inheritdoc/>
    protected override void PostStop() => services.Members.Unsubscribe(Self);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Tick:
                TakeTerm();
                Stamp();
                Look();
                Announce();
                break;
            case NodeReport report:
                OnReport(report);
                break;
            case MemberSettled:
                _hasToStamp = true;
                Stamp();
                break;
            case Taken taken:
                _isTaking = false;
                _term = taken.Term;
                PrimaryLog.Taken(services.Logger, taken.Term.Number);
                Announce();
                break;
            case Stamped stamped:
                OnStamped(stamped.Count);
                break;
            case Found found:
                OnFound(found.Due);
                break;
            case Failed failed:
                OnFailed(failed);
                break;
        }
    }

    private void TakeTerm()
    {
        if (_term is null && !_isTaking)
        {
            _isTaking = true;
            services.Terms.TakeAsync(CancellationToken.None)
                .PipeTo(Self, success: static term => new Taken(term), failure: static problem => new Failed(problem, static self => self._isTaking = false));
        }
    }

    /// <summary>Not before every removed node is known to serve nobody: its clients may still be connected.</summary>
    private void Stamp()
    {
        if (_hasToStamp && !_isStamping && services.Members.IsSettled)
        {
            _isStamping = true;
            _hasToStamp = false;
            services.Connections.StampDisconnectedAsync(nodeKey: null, CancellationToken.None).PipeTo(
                Self,
                success: static count => new Stamped(count),
                failure: static problem => new Failed(problem, static self =>
                {
                    self._isStamping = false;
                    self._hasToStamp = true;
                }));
        }
    }

    private void Look()
    {
        if (!_isLooking)
        {
            _isLooking = true;
            services.Connections.ReadDueAsync(MostAtOnce, CancellationToken.None)
                .PipeTo(Self, success: static due => new Found(due), failure: static problem => new Failed(problem, static self => self._isLooking = false));
        }
    }

    private void OnStamped(int count)
    {
        _isStamping = false;
        if (count > 0)
        {
            PrimaryLog.Stamped(services.Logger, count);
            Look();
        }
    }

    private void OnFound(IReadOnlyList<StoredConnection> due)
    {
        _isLooking = _hasFailed = false;
        foreach (var connection in due)
        {
            services.Sessions.Tell(new SessionProtocol.Wake(connection.ClientId));
        }
    }

    private void OnFailed(Failed failed)
    {
        failed.Undo(this);
        if (!_hasFailed)
        {
            _hasFailed = true;
            PrimaryLog.CannotLook(services.Logger, failed.Problem.GetBaseException().Message);
        }
    }

    private void OnReport(NodeReport report)
    {
        var changesDrain = _reports.GetValueOrDefault(report.Node)?.Drain is var drain && drain != report.Drain;
        _reports[report.Node] = report;
        if (changesDrain)
        {
            Announce();
        }
    }

    private void Announce()
    {
        if (_term is not { } term)
        {
            return;
        }

        var nodes = services.Nodes();
        foreach (var gone in _reports.Keys.Where(node => !nodes.Contains(node)).ToList())
        {
            _reports.Remove(gone);
        }

        _turn.Update(nodes, _reports);
        var totals = default(NodeTotals);
        foreach (var report in _reports.Values)
        {
            totals += report.Totals;
        }

        var announcement = new PrimaryReport(
            services.Members.Self, term.Number, term.Since, _turn.Holder, _reports.Count, _reports.Values.Count(static report => report.IsReady), totals);
        foreach (var node in nodes)
        {
            services.Tell(node, announcement, Self);
        }
    }

    private sealed class Tick
    {
        public static Tick Instance { get; } = new();
    }

    private sealed record Taken(PrimaryTerm Term);

    private sealed record Stamped(int Count);

    private sealed record Found(IReadOnlyList<StoredConnection> Due);

    /// <summary>The database does not answer.</summary>
    private sealed record Failed(Exception Problem, Action<HaPrimary> Undo);
}
