using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Connections;
using Broker.Actors.Sessions.Guards;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>What becomes of the entity, and of its connection, when one of them changes its node or loses it (hard cases 1, 2, 9).</summary>
internal sealed partial class SessionActor
{
    private (ConnectionRef Connection, bool IsDurable)? _guard;
    private bool _areGuardsKnown;
    private bool _isLoaded;

    private bool TryTakeGuard()
    {
        if (_services.Guards is not { } guards)
        {
            return true;
        }

        if (!guards.TryTake(Context.Parent, _clientId, out var served))
        {
            guards.Ask(Context.Parent, Self);
            return false;
        }

        foreach (var (connection, isDurable) in served)
        {
            if (_guard is null || _guard.Value.Connection.Number < connection.Number)
            {
                _guard?.Connection.Tell(new ConnectionProtocol.Disconnect(ReasonCode.SessionTakenOver, TakenOver));
                _guard = (connection, isDurable);
            }
            else
            {
                connection.Tell(new ConnectionProtocol.Disconnect(ReasonCode.SessionTakenOver, TakenOver));
            }
        }

        return true;
    }

    private void PutGuardBack()
    {
        if (_guard is null && _connection is not null)
        {
            // Only the state of a durable session is ever loaded again.
            _guard = (_connection, true);
        }

        if (_guard is { } guard)
        {
            _services.Guards?.PutBack(Context.Parent, guard.Connection, guard.IsDurable);
        }
    }

    private void StartWaitingForGuards()
    {
        _early = [];
        _isLoaded = true;
        Become(Loading);
    }

    private void OnGuardsKnown()
    {
        if (!_areGuardsKnown)
        {
            _areGuardsKnown = TryTakeGuard();
            if (_areGuardsKnown && _isLoaded)
            {
                Ready();
            }
        }
    }

    /// <summary>A node serves the client id already: its entity was elsewhere.</summary>
    private void Adopt()
    {
        var (connection, isDurable) = _guard!.Value;
        _guard = null;
        if (_hasRow && connection.Number < _lastConnection)
        {
            connection.Tell(new ConnectionProtocol.Disconnect(ReasonCode.SessionTakenOver, TakenOver));
            if (!_isRowOpen)
            {
                ScheduleAfterLoading();
            }

            return;
        }

        TakeUp(connection);
        if (!isDurable)
        {
            _isBound = true;
        }
        else if (_state is null)
        {
            NotAdopted(connection, ReasonCode.ServerBusy, "its session is not in the database");
        }
        else
        {
            _isAwaitingAttach = true;
            AskAdopted(connection);
        }
    }

    private void TakeUp(ConnectionRef connection)
    {
        _timers.Cancel();
        _connection = connection;
        _lastConnection = connection.Number;
        _isRowOpen = false;
        _isBound = false;
        _isAwaitingAttach = false;
        _attachment = 0;

        // It has its CONNACK: a CONNECT of it that comes late must not begin the lane anew.
        _attempt = int.MaxValue;
        EnterHome();
    }

    private void EnterHome()
    {
        if (IsRemote)
        {
            _services.Homes.Enter(_connection!.Node!, Self);
            if (_services.IsGone(_connection.Node) && _services.Members.IsSettled)
            {
                Self.Tell(new ConnectionHomes.NodeGone(_connection.Node!));
            }
        }
    }

    private void LeaveHome()
    {
        if (IsRemote)
        {
            _services.Homes.Leave(_connection!.Node!, Self);
        }
    }

    /// <summary>The node was removed and cannot be serving any more: its connections are closed.</summary>
    private void OnNodeGone(UniqueAddress node)
    {
        if (node.Equals(_waiting?.Connection.Node))
        {
            _waiting = null;
        }

        if (node.Equals(_connection?.Node))
        {
            OnConnectionClosed(new SessionProtocol.ConnectionClosed(_clientId, _connection.Number, DiscardWill: false, SessionExpiry: null));
        }
    }

    private void RunCommits()
    {
        if (_commits.IsRevoked)
        {
            StopSilently();
        }
        else
        {
            _commits.Run();
        }
    }

    /// <summary>Another node has taken over what this one holds: whatever it told a client would be wrong (hard case 1).</summary>
    private void StopSilently()
    {
        _isEnding = true;
        Become(static _ => { });
        Context.Stop(Self);
    }

    /// <summary>The shard moves: what was written is committed before the next home may read it.</summary>
    private void OnHandOff()
    {
        _isEnding = true;
        _early = null;
        _timers.CancelAll();
        Become(HandingOff);
        StopWhenWritten();
    }

    private void HandingOff(object message)
    {
        switch (message)
        {
            case Storage.StoreCommits.Due:
                RunCommits();
                break;
            case Journal.SessionJournal.Written written:
                OnJournalWritten(written);
                break;
            case Journal.SessionJournal.Recovered recovered:
                OnJournalRecovered(recovered);
                break;
            case Terminated terminated:
                _discarded.Remove(terminated.ActorRef);
                break;
        }

        StopWhenWritten();
    }

    private void StopWhenWritten()
    {
        if (_commits.Count > 0 || (_journalWait is not null && _state?.Journal is not null))
        {
            return;
        }

        if (_isBound && _state is not null)
        {
            // Nobody else may turn to the session for long, and there may be something left to send.
            _connection?.Tell(ConnectionProtocol.Resume.Instance);
        }

        Become(static _ => { });
        Context.Stop(Self);
    }

    /// <summary>The shard's, in place of a poison pill.</summary>
    internal sealed class HandOff
    {
        public static HandOff Instance { get; } = new();
    }
}
