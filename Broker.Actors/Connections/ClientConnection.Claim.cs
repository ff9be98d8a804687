using Akka.Cluster;
using Broker.Actors.Sessions.Guards;

namespace Broker.Actors.Connections;

/// <summary>
/// Who owns the client id, where the entity of it moves while CONNECT waits (hard case 2): either the new home is told of this connection, or the answer of the
/// old one does not count.
/// </summary>
internal sealed partial class ClientConnection
{
    private const int BoundLive = -1;
    private const int BoundDurable = -2;

    private volatile UniqueAddress? _home;

    // 0 and up: the attempt whose answer counts.
    private int _claim;

    /// <summary>The node of the session's entity, where another one; any thread.</summary>
    public UniqueAddress? Home
    {
        get => _home;
        set => _home = value;
    }

    /// <summary>
    /// What the home of the client id's shard must know; null: this connection has no session, and gets none from an earlier home any more. Any thread.
    /// </summary>
    public ServedClient? Serve()
    {
        while (true)
        {
            var claim = Volatile.Read(ref _claim);
            if (claim < 0)
            {
                return new ServedClient(ClientId, Number, claim == BoundDurable);
            }

            if (Interlocked.CompareExchange(ref _claim, claim + 1, claim) == claim)
            {
                Loop.Post(this, ConnectionProtocol.Reask.Instance);
                return null;
            }
        }
    }

    /// <summary>The answer to the CONNECT told before does not count any more: false, where it has come.</summary>
    private bool TryBeginAttempt()
    {
        var claim = Volatile.Read(ref _claim);
        return claim >= 0 && Interlocked.CompareExchange(ref _claim, claim + 1, claim) == claim;
    }

    private bool TryClaim(ConnectionProtocol.SessionBound bound) =>
        Interlocked.CompareExchange(ref _claim, bound.IsDurable ? BoundDurable : BoundLive, bound.Attempt) == bound.Attempt;
}
