using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace Broker.Actors.Sessions.Journal;

/// <summary>
/// Removes the events and snapshots of sessions that have ended. Not the session's own work: its entity is gone by then, or serves the next session of
/// the client id.
/// </summary>
/// <param name="removeRest">Removes what the journal keeps of events that it has deleted, by persistence id.</param>
internal sealed class JournalErasers(Func<IReadOnlyList<string>, Task> removeRest) : UntypedActor, IWithTimers
{
    private const int MostAtOnce = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly List<string> _erased = [];
    private bool _isRemoving;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Erase erase when Context.Child(Name(erase)).IsNobody():
                Context.ActorOf(Props.Create(() => new Eraser(erase.SessionKey)), Name(erase));
                break;
            case Erased erased:
                _erased.Add(erased.PersistenceId);
                Wait();
                break;
            case RemovalDue:
                Remove();
                break;
            case Removed removed:
                _isRemoving = false;
                _erased.RemoveRange(0, removed.Count);
                Wait();
                break;
        }
    }

    private static string Name(Erase erase) => $"session-{erase.SessionKey}";

    /// <summary>Many at once where many sessions end.</summary>
    private void Wait()
    {
        if (_erased.Count > 0 && !_isRemoving && !Timers.IsTimerActive(nameof(RemovalDue)))
        {
            Timers.StartSingleTimer(nameof(RemovalDue), RemovalDue.Instance, _erased.Count >= MostAtOnce ? TimeSpan.Zero : Pause);
        }
    }

    private void Remove()
    {
        _isRemoving = true;
        var some = _erased.GetRange(0, Math.Min(_erased.Count, MostAtOnce));

        // What could not be removed because the database is away is tried again after the pause.
        removeRest(some).PipeTo(Self, success: () => new Removed(some.Count), failure: _ => new Removed(0));
    }

    /// <summary>Its journal has stopped; nothing of it is wanted.</summary>
    internal sealed record Erase(long SessionKey);

    private sealed record Erased(string PersistenceId);

    private sealed record Removed(int Count);

    private sealed class RemovalDue
    {
        public static RemovalDue Instance { get; } = new();
    }

    private sealed class Eraser : UntypedPersistentActor
    {
        private bool _hasDeletedMessages;
        private bool _hasDeletedSnapshots;

        public Eraser(long sessionKey) => PersistenceId = SessionJournal.Id(sessionKey);

        public override string PersistenceId { get; }

        public override Recovery Recovery => Recovery.None;

        protected override void OnRecover(object message)
        {
            if (message is RecoveryCompleted)
            {
                DeleteMessages(long.MaxValue);
                DeleteSnapshots(SnapshotSelectionCriteria.Latest);
            }
        }

        protected override void OnCommand(object message)
        {
            _hasDeletedMessages |= message is DeleteMessagesSuccess or DeleteMessagesFailure;
            _hasDeletedSnapshots |= message is DeleteSnapshotsSuccess or DeleteSnapshotsFailure;
            if (_hasDeletedMessages && _hasDeletedSnapshots)
            {
                Context.Parent.Tell(new Erased(PersistenceId));
                Context.Stop(Self);
            }
        }
    }
}
