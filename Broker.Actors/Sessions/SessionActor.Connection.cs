using Akka.Actor;
using Broker.Actors.Connections;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>Who is connected under the client id (promise 1).</summary>
internal sealed partial class SessionActor
{
    private const string TakenOver = "another connection took the client id";

    /// <summary>As CONNACK said, for a CONNECT that is repeated because the answer got lost.</summary>
    private bool _wasPresent;

    private int _attempt;

    private void OnConnect(SessionProtocol.Connect connect)
    {
        var number = connect.Connection.Number;
        if (_connection?.Number == number || _waiting?.Connection.Number == number)
        {
            OnConnectAgain(connect);
            return;
        }

        var isOfOpenRow = _connection is null && _isRowOpen && number == _lastConnection;
        if (!isOfOpenRow && number <= Math.Max(_lastConnection, _waiting?.Connection.Number ?? 0))
        {
            // The clock of its node is behind; or it has closed, and then nobody is there to ask again.
            connect.Connection.Tell(new ConnectionProtocol.Renumber(Math.Max(_lastConnection, _waiting?.Connection.Number ?? 0)));
            EndIfUnused();
            return;
        }

        if (_connection is null)
        {
            Bind(connect);
            return;
        }

        // The old connection goes first (promise 1): CONNACK waits until its node has closed it. A later CONNECT replaces the one that waits (hard case 9).
        _waiting?.Connection.Tell(new ConnectionProtocol.SessionRefused(ReasonCode.SessionTakenOver, TakenOver));
        _waiting = connect;
        CloseConnection();
    }

    /// <summary>Its node does, or is no more.</summary>
    private void CloseConnection()
    {
        if (_services.IsGone(_connection!.Node) && _services.Members.IsSettled)
        {
            OnNodeGone(_connection.Node!);
        }
        else
        {
            _connection.Tell(new ConnectionProtocol.Disconnect(ReasonCode.SessionTakenOver, TakenOver));
        }
    }

    /// <summary>No answer has come yet: this, or the answer, or what it waits for was lost.</summary>
    private void OnConnectAgain(SessionProtocol.Connect connect)
    {
        if (_waiting?.Connection.Number == connect.Connection.Number)
        {
            _waiting = connect;
            CloseConnection();
            return;
        }

        // It has not taken the answer to an earlier attempt, and will not any more.
        if (_isBound && connect.Attempt > _attempt)
        {
            _attempt = connect.Attempt;
            TellBound(connect);
        }
        else
        {
            _attempt = Math.Max(_attempt, connect.Attempt);
        }
    }

    private void OnConnectionClosed(SessionProtocol.ConnectionClosed closed)
    {
        if (_waiting?.Connection.Number == closed.ConnectionNumber)
        {
            _waiting = null;
            Confirm(closed);
            return;
        }

        // After a restart the connection is known by its row only; an end that is told twice counts once.
        var isCurrent = _connection is null ? _isRowOpen && _lastConnection == closed.ConnectionNumber : _connection.Number == closed.ConnectionNumber;
        if (!isCurrent)
        {
            Confirm(closed);
            EndIfUnused();
            return;
        }

        LeaveHome();
        _connection = null;
        _isBound = false;
        _isAwaitingAttach = false;
        _isRowOpen = false;
        _offlineSince = Now;
        _state?.Queue.Forget();
        _expiry = closed.SessionExpiry ?? _expiry;
        if (closed.DiscardWill)
        {
            _will = null;
        }

        if (_expiry == TimeSpan.Zero)
        {
            EndSession();
        }
        else
        {
            _commits.Write(new StoreWrite.CloseConnection(_clientId, _lastConnection, (uint)_expiry.TotalSeconds, _will is not null));
            _timers.Expire(_expiry);
            ScheduleWill(TimeSpan.Zero);
        }

        Confirm(closed);
        if (_waiting is { } waiting)
        {
            _waiting = null;
            Bind(waiting);
        }
        else
        {
            _timers.WaitIdle();
            EndIfUnused();
        }
    }

    private void Confirm(SessionProtocol.ConnectionClosed closed)
    {
        if (closed.ConfirmTo is { } registry)
        {
            _commits.Then(() => registry.Tell(new ConnectionRegistry.CloseConfirmed(_clientId, closed.ConnectionNumber)));
        }
    }

    private void Bind(SessionProtocol.Connect connect)
    {
        if (!_services.IsStoreUp && (connect.SessionExpiry > TimeSpan.Zero || connect.Will is not null || _state is not null))
        {
            connect.Connection.Tell(new ConnectionProtocol.SessionRefused(ReasonCode.ServerUnavailable, _services.StoreProblem));
            _timers.WaitIdle();
            EndIfUnused();
            return;
        }

        _timers.Cancel();
        if (connect.CleanStart)
        {
            EndSession();
        }

        // Where the session goes on, its delayed will is not sent [MQTT-3.1.3-9]: the new connection's row takes its place.
        _wasPresent = _state is not null;
        if (_state is null && connect.SessionExpiry > TimeSpan.Zero)
        {
            Begin();
        }

        _connection = connect.Connection;
        _lastConnection = connect.Connection.Number;
        _attempt = connect.Attempt;
        _attachment = 0;
        _expiry = connect.SessionExpiry;
        _will = connect.Will;
        _willAuthor = connect.WillAuthor;
        EnterHome();
        if (_state is null && _will is null)
        {
            Bound(connect);
            return;
        }

        _hasRow = true;
        _isRowOpen = false;
        _timers.WaitForStore(_services.Patience);
        _commits.Write(new StoreWrite.OpenConnection(_clientId, _lastConnection, (uint)_expiry.TotalSeconds, _will, _willAuthor), () => Bound(connect));
    }

    private void Bound(SessionProtocol.Connect connect)
    {
        if (_connection?.Number != connect.Connection.Number)
        {
            return;
        }

        _timers.StoreAnswered();
        _isBound = true;
        TellBound(connect);
    }

    private void TellBound(SessionProtocol.Connect connect)
    {
        _connection!.Tell(new ConnectionProtocol.SessionBound(_wasPresent, _state is not null, _attempt, _services.Node));
        if (_state is not null)
        {
            BeginLane(_attempt + 1);
            Resume(connect.ReceiveMaximum);
        }
    }

    /// <summary>CONNECT has waited long enough: the client tries again, here or elsewhere.</summary>
    private void OnPatienceOver()
    {
        if (!_isBound)
        {
            _connection?.Tell(new ConnectionProtocol.SessionRefused(ReasonCode.ServerUnavailable, _services.StoreProblem));
        }
    }
}
