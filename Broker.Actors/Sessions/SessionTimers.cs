using Akka.Actor;

namespace Broker.Actors.Sessions;

/// <summary>What an entity waits for by the clock. Nothing is allocated before the first; an online session has none.</summary>
internal sealed class SessionTimers(IScheduler scheduler, IActorRef entity)
{
    /// <summary>How long an offline session stays in memory without a message.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(2);

    /// <summary>After which a queue that could not be read is read again.</summary>
    private static readonly TimeSpan PagePause = TimeSpan.FromMilliseconds(500);

    /// <summary>Until a session that could not be loaded is loaded again.</summary>
    public static readonly TimeSpan LoadPause = TimeSpan.FromSeconds(2);

    // The scheduler's own longest is some weeks, a session's expiry may be years: the entity is not in memory for so long.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private ICancelable? _will;
    private ICancelable? _expiry;
    private ICancelable? _idle;
    private ICancelable? _patience;
    private ICancelable? _journal;
    private ICancelable? _page;
    private ICancelable? _load;
    private ICancelable? _check;

    public void DelayWill(TimeSpan delay) => Start(ref _will, delay, WillDue.Instance);

    /// <summary>Beyond a day nothing is started: an idle entity leaves memory, and the primary wakes it when it is due.</summary>
    public void Expire(TimeSpan delay)
    {
        if (delay < Longest)
        {
            Start(ref _expiry, delay, ExpiryDue.Instance);
        }
    }

    public void WaitIdle() => Start(ref _idle, IdleTime, Idle.Instance);

    public void WaitForStore(TimeSpan patience) => Start(ref _patience, patience, PatienceOver.Instance);

    public void RetryJournal(TimeSpan pause) => Start(ref _journal, pause, JournalRetry.Instance);

    public void RetryPage() => Start(ref _page, PagePause, PageRetry.Instance);

    public void RetryLoading() => Start(ref _load, LoadPause, LoadRetry.Instance);

    public void CheckLane(TimeSpan pause) => Start(ref _check, pause, LaneCheck.Instance);

    public void StoreAnswered() => Stop(ref _patience);

    /// <summary>Everything that belongs to a connection, or to the lack of one.</summary>
    public void Cancel()
    {
        Stop(ref _will);
        Stop(ref _expiry);
        Stop(ref _idle);
        Stop(ref _patience);
    }

    /// <summary>The entity is no more.</summary>
    public void CancelAll()
    {
        Cancel();
        Stop(ref _journal);
        Stop(ref _page);
        Stop(ref _load);
        Stop(ref _check);
    }

    private static void Stop(ref ICancelable? timer)
    {
        timer?.Cancel();
        timer = null;
    }

    private void Start(ref ICancelable? timer, TimeSpan delay, object message)
    {
        Stop(ref timer);
        timer = scheduler.ScheduleTellOnceCancelable(delay > TimeSpan.Zero ? delay : TimeSpan.Zero, entity, message, ActorRefs.NoSender);
    }

    /// <summary>Will Delay has passed.</summary>
    internal sealed class WillDue
    {
        public static WillDue Instance { get; } = new();
    }

    /// <summary>Session Expiry has passed.</summary>
    internal sealed class ExpiryDue
    {
        public static ExpiryDue Instance { get; } = new();
    }

    /// <summary>Offline, and no message for a while.</summary>
    internal sealed class Idle
    {
        public static Idle Instance { get; } = new();
    }

    /// <summary>The store is asked again for the session.</summary>
    internal sealed class LoadRetry
    {
        public static LoadRetry Instance { get; } = new();
    }

    /// <summary>Nothing may have come from the connection's node for a while.</summary>
    internal sealed class LaneCheck
    {
        public static LaneCheck Instance { get; } = new();
    }

    /// <summary>The journal is tried again.</summary>
    internal sealed class JournalRetry
    {
        public static JournalRetry Instance { get; } = new();
    }

    /// <summary>The queue is read again.</summary>
    internal sealed class PageRetry
    {
        public static PageRetry Instance { get; } = new();
    }

    /// <summary>The database has been waited for long enough.</summary>
    internal sealed class PatienceOver
    {
        public static PatienceOver Instance { get; } = new();
    }
}
