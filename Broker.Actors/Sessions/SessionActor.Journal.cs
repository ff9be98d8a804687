using Akka.Actor;
using Broker.Actors.Sessions.Journal;

namespace Broker.Actors.Sessions;

/// <summary>The event-sourced part of a durable session: events are persisted by a child, which stops when the journal fails.</summary>
internal sealed partial class SessionActor
{
    private const int JournalAttempts = 5;

    private static readonly TimeSpan FirstJournalPause = TimeSpan.FromMilliseconds(200);

    private readonly SortedDictionary<long, JournalWait> _journalWaits = [];
    private readonly Dictionary<IActorRef, long> _discarded = [];
    private long _lastJournalWrite;
    private int _journalFailures;

    private static void OpenJournal(DurableSessionState state)
    {
        var key = state.Session.Key;
        state.Journal = Context.ActorOf(Props.Create(() => new SessionJournal(key)));
        Context.Watch(state.Journal);
        state.HasJournal = true;
    }

    /// <summary>Persists an event, and goes on in this actor once it is durable, or the journal has failed for good.</summary>
    private void Persist(DurableSessionState state, SessionEvent change, Action then, Action failed)
    {
        if (!ReferenceEquals(state, _state))
        {
            // The session ended while its route was being written; the route went with it.
            return;
        }

        if (state.Journal is null && _journalWaits.Count == 0)
        {
            OpenJournal(state);
        }

        _journalWaits.Add(++_lastJournalWrite, new JournalWait(change, then, failed));
        state.Journal?.Tell(new SessionJournal.Write(_lastJournalWrite, change));
    }

    private void OnJournalWritten(SessionJournal.Written written)
    {
        if (_journalWaits.Remove(written.Number, out var waiting))
        {
            _journalFailures = 0;
            waiting.Then();
        }
    }

    /// <summary>A failed persist stops the journal, not the session: it is opened again, with a pause that grows.</summary>
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
        if (_journalWaits.Count == 0)
        {
            return;
        }

        if (++_journalFailures <= JournalAttempts && _services.IsStoreUp)
        {
            _timers.RetryJournal(FirstJournalPause * (1 << (_journalFailures - 1)));
            return;
        }

        _journalFailures = 0;
        var failed = _journalWaits.Values.ToArray();
        _journalWaits.Clear();
        foreach (var waiting in failed)
        {
            waiting.Failed();
        }
    }

    /// <summary>All that waits, in order; what the failed journal may have written after all changes nothing when it is written again.</summary>
    private void OnJournalRetry()
    {
        if (_state is not { Journal: null } state || _journalWaits.Count == 0)
        {
            return;
        }

        OpenJournal(state);
        foreach (var (number, waiting) in _journalWaits)
        {
            state.Journal!.Tell(new SessionJournal.Write(number, waiting.Change));
        }
    }

    private sealed record JournalWait(SessionEvent Change, Action Then, Action Failed);
}
