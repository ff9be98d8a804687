using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Clustering.Wire;
using Broker.Actors.Sessions;

namespace Broker.Actors.Connections;

/// <summary>The node's address book: brings messages from actors anywhere to connections here, and the ends of connections to their entities.</summary>
internal sealed class ConnectionRegistry : ReceiveActor, IWithTimers
{
    /// <summary>After which an end that was not confirmed is told again.</summary>
    public static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(2);

    private readonly Dictionary<long, SessionProtocol.ConnectionClosed> _unconfirmed = [];
    private readonly ConnectionDirectory _directory;
    private readonly Func<IActorRef> _sessions;
    private readonly ClusterMembers? _members;
    private HashSet<long> _repeatable = [];

    /// <param name="directory">The node's connections.</param>
    /// <param name="sessions">The shard region of <see cref="SessionActor"/>, once it is there.</param>
    /// <param name="members">The other nodes; null: there are never any.</param>
    public ConnectionRegistry(ConnectionDirectory directory, Func<IActorRef> sessions, ClusterMembers? members = null)
    {
        _directory = directory;
        _sessions = sessions;
        _members = members;
        Receive<ToConnection>(OnToConnection);
        Receive<Closing>(OnClosing);
        Receive<CloseConfirmed>(confirmed => _unconfirmed.Remove(confirmed.Number));
        Receive<Repeat>(_ => OnRepeat());
        Receive<MemberGone>(gone => OnGone(gone.Node));
        Receive<MemberAdded>(static _ => { });
        Receive<MemberSettled>(static _ => { });
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() => _members?.Subscribe(Self);

    /// <inheritdoc/>
    protected override void PostStop() => _members?.Unsubscribe(Self);

    private void OnToConnection(ToConnection message)
    {
        if (_directory.Post(message.Number, message.Mark.Attachment == 0 ? message.Command : message))
        {
            return;
        }

        // An entity that passivates can hand on CONNECT behind the end of the same connection: without this the next one would wait for a
        // connection that is no more. A connection tells its entity of its end before it leaves the directory, so this comes second.
        if (message.Command is ConnectionProtocol.SessionBound or ConnectionProtocol.Disconnect or ConnectionProtocol.Resume or ConnectionProtocol.Check)
        {
            _sessions().Tell(
                _unconfirmed.TryGetValue(message.Number, out var closed)
                    ? closed
                    : new SessionProtocol.ConnectionClosed(message.ClientId, message.Number, DiscardWill: false, SessionExpiry: null));
        }
    }

    private void OnClosing(Closing closing)
    {
        _unconfirmed[closing.Message.ConnectionNumber] = closing.Message;
        if (_unconfirmed.Count == 1)
        {
            Timers.StartPeriodicTimer(nameof(Repeat), Repeat.Instance, RepeatAfter);
        }
    }

    private void OnRepeat()
    {
        // What was here at the last turn as well has waited for long enough.
        foreach (var (number, closed) in _unconfirmed)
        {
            if (_repeatable.Contains(number))
            {
                _sessions().Tell(closed);
            }
        }

        _repeatable = [.. _unconfirmed.Keys];
        if (_unconfirmed.Count == 0)
        {
            Timers.Cancel(nameof(Repeat));
        }
    }

    /// <summary>The entities that were there have lost what they held in memory, and their new homes may not know that they are needed.</summary>
    private void OnGone(UniqueAddress node)
    {
        foreach (var connection in _directory.All)
        {
            if (node.Equals(connection.Home))
            {
                connection.Loop.Post(connection, ConnectionProtocol.Resume.Instance);
            }
        }
    }

    /// <summary>One of <see cref="ConnectionProtocol"/> for a connection.</summary>
    internal sealed record ToConnection(string ClientId, long Number, object Command) : IWireMessage
    {
        /// <summary>Its place among all that the session's entity tells this connection; default for what has none.</summary>
        public LaneMark Mark { get; init; }
    }

    /// <summary>The entity has written down that the connection is closed: nobody need tell it again.</summary>
    internal sealed record CloseConfirmed(string ClientId, long Number) : IWireMessage;

    /// <summary>The entity was told this, and must confirm it.</summary>
    internal sealed record Closing(SessionProtocol.ConnectionClosed Message);

    private sealed class Repeat : INotInfluenceReceiveTimeout
    {
        public static Repeat Instance { get; } = new();
    }
}
