using Akka.Actor;
using Akka.Persistence;

namespace Broker.Actors.Sessions.Journal;

/// <summary>
/// The event-sourced part of one durable session, a child of its <see cref="SessionActor"/>: a session that has nothing in the journal costs nothing
/// there. It stops, with its parent, when the journal fails.
/// </summary>
internal sealed class SessionJournal : ReceivePersistentActor
{
    /// <summary>Events after which a snapshot takes their place.</summary>
    public const int EventsPerSnapshot = 50;

    private readonly Dictionary<string, JournaledSubscription> _subscriptions = new(StringComparer.Ordinal);

    public SessionJournal(long sessionKey)
    {
        PersistenceId = Id(sessionKey);
        Recover<SnapshotOffer>(offer => Apply((SessionSnapshot)offer.Snapshot));
        Recover<SessionEvent>(Apply);
        Recover<RecoveryCompleted>(_ => Context.Parent.Tell(new Recovered([.. _subscriptions.Values], LastSequenceNr)));
        Command<Write>(OnWrite);
        Command<SaveSnapshotSuccess>(success =>
        {
            DeleteMessages(success.Metadata.SequenceNr);
            DeleteSnapshots(new SnapshotSelectionCriteria(success.Metadata.SequenceNr - 1));
        });
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteSnapshotsSuccess>(_ => { });
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <summary>The persistence id of a session.</summary>
    public static string Id(long sessionKey) => $"session-{sessionKey}";

    private void OnWrite(Write write)
    {
        var replyTo = Sender;
        Persist(write.Event, persisted =>
        {
            Apply(persisted);
            if (LastSequenceNr % EventsPerSnapshot == 0)
            {
                SaveSnapshot(new SessionSnapshot([.. _subscriptions.Values]));
            }

            replyTo.Tell(new Written(write.Number, LastSequenceNr));
        });
    }

    private void Apply(SessionSnapshot snapshot)
    {
        foreach (var subscription in snapshot.Subscriptions)
        {
            _subscriptions[subscription.Filter] = subscription;
        }
    }

    private void Apply(SessionEvent change)
    {
        switch (change)
        {
            case SessionEvent.Subscribed subscribed:
                foreach (var subscription in subscribed.Subscriptions)
                {
                    _subscriptions[subscription.Filter] = subscription;
                }

                break;
            case SessionEvent.Unsubscribed unsubscribed:
                foreach (var filter in unsubscribed.Filters)
                {
                    _subscriptions.Remove(filter);
                }

                break;
        }
    }

    /// <summary>Persist this. Answered by <see cref="Written"/>.</summary>
    internal sealed record Write(long Number, SessionEvent Event);

    /// <summary>It is durable, with this sequence number.</summary>
    internal sealed record Written(long Number, long Sequence);

    /// <summary>To the parent, once: what the session had subscribed, and the sequence number of the last event.</summary>
    internal sealed record Recovered(IReadOnlyList<JournaledSubscription> Subscriptions, long Sequence);
}
