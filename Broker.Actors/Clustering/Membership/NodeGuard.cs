using Broker.Actors.Storage;

namespace Broker.Actors.Clustering.Membership;

/// <summary>
/// Decides whether this node may serve clients (hard case 1): others take its sessions over once it is revoked and its last renewal has run out, so it must
/// have stopped by then. Serving is allowed for two seconds at a time: a process that stood still finds its time run out at the first look, before it has read
/// or written anything, whichever of its threads wakes first.
/// </summary>
/// <param name="time">Its timestamps are the monotonic clock.</param>
internal sealed class NodeGuard(TimeProvider time)
{
    /// <summary>Who has stood still for longer asks first whether it is still wanted.</summary>
    public static readonly TimeSpan Standstill = TimeSpan.FromSeconds(2);

    /// <summary>How old the last renewal may be while a member is not reached: less than its validity, by the time in which an unreachable member is noticed.</summary>
    public static readonly TimeSpan Unconfirmed = INodeRegistry.Validity - TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private long _servesUntil = time.GetTimestamp() + Ticks(Standstill, time);
    private long _lastTick = time.GetTimestamp();
    private long _confirmed = time.GetTimestamp();
    private long _confirmedFrom = long.MinValue;
    private bool _reachesAll = true;
    private bool _isRevoked;
    private string _problem = "";

    /// <summary>Whether clients may be read from and written to now. Any thread; cheap.</summary>
    public bool MayServe => time.GetTimestamp() <= Volatile.Read(ref _servesUntil);

    /// <summary>Why it may not, one line; empty where it may.</summary>
    public string Problem => Volatile.Read(ref _problem);

    /// <summary>Whether a renewal is wanted at once.</summary>
    public bool IsDoubtful { get; private set; }

    /// <summary>How long ago the renewal was sent that was confirmed last.</summary>
    public TimeSpan SinceRenewal => time.GetElapsedTime(Volatile.Read(ref _confirmed));

    /// <summary>Called when <see cref="Problem"/> comes or goes, on the thread that noticed, in this order; it must not wait for anything.</summary>
    public Action<string>? Changed { get; set; }

    /// <summary>Whether every member is reachable, as the cluster's gossip has it.</summary>
    public void Reaches(bool all)
    {
        lock (_gate)
        {
            _reachesAll = all;
        }

        Tick();
    }

    /// <summary>The registry has confirmed a renewal.</summary>
    /// <param name="sentAt">Timestamp of when it was sent, not of the answer.</param>
    public void Confirm(long sentAt)
    {
        lock (_gate)
        {
            _confirmed = Math.Max(_confirmed, sentAt);
        }

        Tick();
    }

    /// <summary>This node is revoked, or was removed from the cluster: it never serves again.</summary>
    public void Revoke()
    {
        lock (_gate)
        {
            _isRevoked = true;
        }

        Tick();
    }

    /// <summary>Several times a second.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (now - _lastTick > Ticks(Standstill, time))
            {
                _confirmedFrom = now;
            }

            _lastTick = now;
            var problem = Judge(now);
            IsDoubtful = _confirmed < _confirmedFrom;
            _servesUntil = problem.Length == 0 ? now + Ticks(Standstill, time) : long.MinValue;
            if (problem != _problem)
            {
                // Within the lock: told in another order by two threads, everyone would be held for good, or served when they must not be.
                _problem = problem;
                Changed?.Invoke(problem);
            }
        }
    }

    private string Judge(long now) =>
        _isRevoked ? "this node was removed from the cluster"
        : _confirmed < _confirmedFrom ? $"the process stood still for more than {Standstill.TotalSeconds:0} s and asks whether it is still a member"
        : !_reachesAll && now - _confirmed > Ticks(Unconfirmed, time) ? "neither every member nor the registry is reached"
        : "";

    private static long Ticks(TimeSpan span, TimeProvider time) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
