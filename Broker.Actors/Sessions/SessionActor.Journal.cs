using Akka.Actor;
using Broker.Actors.Sessions.Journal;

namespace Broker.Actors.Sessions;

/// <summary>
/// The event-sourced part of a durable session: a child reads and persists events, and stops when the journal fails. It is opened by the first change of a
/// subscription, not by loading (decision 0005).
/// </summary>
internal sealed partial class SessionActor
{
    private const int JournalAttempts = 5;

    private static readonly TimeSpan FirstJournalPause = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<IActorRef, long> _discarded = [];
    private JournalWait? _journalWait;
    private long _lastJournalWrite;
    private int _journalFailures;

    /// <summary>Reads the events, makes the routes match them, and goes on; or the journal has failed for good.</summary>
    private void ReadJournal(DurableSessionState state, Action then, Action failed) => Ask(state, new JournalWait(0, null, then, failed));

    /// <summary>Persists an event, and goes on in this actor once it is durable, or the journal has failed for good.</summary>
    private void Persist(DurableSessionState state, SessionEvent change, Action then, Action failed)
    {
        // Otherwise the session ended while its route was being written; the route went with it.
        if (ReferenceEquals(state, _state))
        {
            Ask(state, new JournalWait(++_lastJournalWrite, change, then, failed));
        }
    }

    private void Ask(DurableSessionState state, JournalWait wait)
    {
        _journalWait = wait;
        if (state.Journal is null)
        {
            var key = state.Session.Key;
            state.Journal = Context.ActorOf(Props.Create(() => new SessionJournal(key)));
            Context.Watch(state.Journal);
            state.HasJournal = true;
        }

        if (wait.Change is { } change)
        {
            state.Journal.Tell(new SessionJournal.Write(wait.Number, change));
        }
    }

    private void OnJournalRecovered(SessionJournal.Recovered recovered)
    {
        if (_state is { IsReconciled: false } state && Sender.Equals(state.Journal))
        {
            state.JournalSequence = recovered.Sequence;
            Reconcile(state, recovered.Subscriptions);
            state.IsReconciled = true;
            OnJournalDone();
        }
    }

    private void OnJournalWritten(SessionJournal.Written written)
    {
        if (_journalWait?.Number == written.Number)
        {
            if (_state is { } state)
            {
                state.JournalSequence = written.Sequence;
            }

            OnJournalDone();
        }
    }

    private void OnJournalDone()
    {
        var done = _journalWait;
        _journalWait = null;
        _journalFailures = 0;
        done?.Then();
    }

    /// <summary>A failure stops the journal, not the session: it is opened again, with a pause that grows.</summary>
    private void OnJournalStopped(IActorRef journal)
    {
        if (_discarded.Remove(journal, out var sessionKey))
        {
            _services.JournalErasers.Tell(new JournalErasers.Erase(sessionKey));
            EndIfUnused();
            return;
        }

        if (_state is not { } state || !journal.Equals(state.Journal))
        {
            return;
        }

        state.Journal = null;
        if (_journalWait is not { } failed)
        {
            return;
        }

        if (++_journalFailures <= JournalAttempts && _services.IsStoreUp)
        {
            _timers.RetryJournal(FirstJournalPause * (1 << (_journalFailures - 1)));
            return;
        }

        // The event may have been written all the same: the next change reads what there is.
        SessionLog.JournalFailed(_services.Logger, _clientId, SessionJournal.Id(state.Session.Key));
        state.IsReconciled = false;
        _journalWait = null;
        _journalFailures = 0;
        failed.Failed();
    }

    /// <summary>What the failed journal may have written after all changes nothing when it is written again.</summary>
    private void OnJournalRetry()
    {
        if (_state is { Journal: null } state && _journalWait is { } wait)
        {
            Ask(state, wait);
        }
    }

    /// <summary>What the journal is asked for, one at a time.</summary>
    /// <param name="Number">Of the write; 0: none.</param>
    /// <param name="Change">To persist; null: only to read what there is.</param>
    /// <param name="Then">It is done.</param>
    /// <param name="Failed">It will not be.</param>
    private sealed record JournalWait(long Number, SessionEvent? Change, Action Then, Action Failed);
}
