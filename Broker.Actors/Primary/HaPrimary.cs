using Akka.Actor;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Primary;

/// <summary>
/// The one actor of the cluster that holds the primary role. It wakes the sessions whose will or expiry is due and that nobody may hold in memory
/// (hard case 8); it deletes and publishes nothing itself: the session's entity decides.
/// </summary>
internal sealed class HaPrimary : UntypedActor, IWithTimers
{
    private const int MostAtOnce = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IConnectionStore _connections;
    private readonly IActorRef _sessions;
    private readonly ILogger _logger;
    private bool _isLooking;
    private bool _hasFailed;

    /// <param name="connections">Where due sessions are found.</param>
    /// <param name="sessions">The shard region.</param>
    /// <param name="logger">For a database that does not answer.</param>
    public HaPrimary(IConnectionStore connections, IActorRef sessions, ILogger logger)
    {
        _connections = connections;
        _sessions = sessions;
        _logger = logger;
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Look), Look.Instance, TimeSpan.Zero, Interval);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Look when !_isLooking:
                _isLooking = true;
                _connections.ReadDueAsync(MostAtOnce, CancellationToken.None)
                    .PipeTo(Self, success: due => new Found(due), failure: problem => new NotFound(problem));
                break;
            case Found found:
                _isLooking = _hasFailed = false;
                foreach (var connection in found.Due)
                {
                    _sessions.Tell(new SessionProtocol.Wake(connection.ClientId));
                }

                break;
            case NotFound failed:
                _isLooking = false;
                if (!_hasFailed)
                {
                    _hasFailed = true;
                    PrimaryLog.CannotLook(_logger, failed.Problem.GetBaseException().Message);
                }

                break;
        }
    }

    private sealed class Look
    {
        public static Look Instance { get; } = new();
    }

    private sealed record Found(IReadOnlyList<StoredConnection> Due);

    private sealed record NotFound(Exception Problem);
}
