using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Broker.Specs.Actors.Sessions;

/// <summary>Akka's journal in memory, whose reads and writes fail while the spec says so.</summary>
public sealed class SpecJournal : MemoryJournal
{
    /// <summary>Makes it, and snapshots in memory, the system's.</summary>
    public static readonly Config Config = ConfigurationFactory.ParseString("""
        akka.persistence {
          journal {
            plugin = "akka.persistence.journal.spec"
            spec {
              class = "Broker.Specs.Actors.Sessions.SpecJournal, Broker.Specs"
              plugin-dispatcher = "akka.actor.default-dispatcher"
            }
          }
          snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        }
        """);

    private readonly Switches _switches;

    public SpecJournal() => _switches = Of(Context.System);

    /// <summary>The switches of a system's journal.</summary>
    public static Switches Of(ActorSystem system) => system.WithExtension<Switches, SwitchesProvider>();

    /// <inheritdoc/>
    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        if (!_switches.WritesFail)
        {
            return base.WriteMessagesAsync(messages, cancellationToken);
        }

        _switches.CountFailure();
        return Task.FromException<IImmutableList<Exception>>(new IOException("disk full"));
    }

    /// <inheritdoc/>
    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback) =>
        _switches.CountRead()
            ? base.ReplayMessagesAsync(context, persistenceId, fromSequenceNr, toSequenceNr, max, recoveryCallback)
            : Task.FromException(new IOException("unreadable"));

    /// <inheritdoc/>
    protected override async Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken)
    {
        await base.DeleteMessagesToAsync(persistenceId, toSequenceNr, cancellationToken);
        _switches.Erased.Enqueue((persistenceId, toSequenceNr));
    }

    /// <summary>What the spec decides.</summary>
    public sealed class Switches : IExtension
    {
        private int _failedWrites;
        private int _reads;

        public bool WritesFail { get; set; }

        public int FailedWrites => Volatile.Read(ref _failedWrites);

        public bool ReadsFail { get; set; }

        public int Reads => Volatile.Read(ref _reads);

        internal bool CountRead()
        {
            Interlocked.Increment(ref _reads);
            return !ReadsFail;
        }

        internal void CountFailure() => Interlocked.Increment(ref _failedWrites);

        /// <summary>Deletions that were made.</summary>
        public System.Collections.Concurrent.ConcurrentQueue<(string PersistenceId, long UpTo)> Erased { get; } = [];
    }

    /// <summary>For the extension.</summary>
    public sealed class SwitchesProvider : ExtensionIdProvider<Switches>
    {
        /// <inheritdoc/>
        public override Switches CreateExtension(ExtendedActorSystem system) => new();
    }
}
