using Akka.Actor;
using Akka.Persistence;

namespace Broker.Actors.Sessions.Journal;

/// <summary>
/// Removes the events and snapshots of sessions that have ended. Not the session's own work: its entity is gone by then, or serves the next session of
/// the client id.
/// </summary>
internal sealed class JournalErasers : UntypedActor
{
    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is Erase erase && Context.Child(Name(erase)).IsNobody())
        {
            Context.ActorOf(Props.Create(() => new Eraser(erase.SessionKey)), Name(erase));
        }
    }

    private static string Name(Erase erase) => $"session-{erase.SessionKey}";

    /// <summary>Its journal has stopped; nothing of it is wanted.</summary>
    internal sealed record Erase(long SessionKey);

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
                Context.Stop(Self);
            }
        }
    }
}
