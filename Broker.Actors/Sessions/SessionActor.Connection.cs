using Broker.Actors.Connections;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>Who is connected under the client id (promise 1).</summary>
internal sealed partial class SessionActor
{
    private void OnConnect(SessionProtocol.Connect connect)
    {
        if (_connection is null)
        {
            Bind(connect);
            return;
        }

        // The old connection goes first (promise 1): CONNACK waits until its node has closed it. A later CONNECT replaces the one that waits (hard case 9).
        _waiting?.Connection.Tell(new ConnectionProtocol.SessionRefused(ReasonCode.SessionTakenOver, "another connection took the client id"));
        _waiting = connect;
        _connection.Tell(new ConnectionProtocol.Disconnect(ReasonCode.SessionTakenOver, "another connection took the client id"));
    }

    private void OnConnectionClosed(SessionProtocol.ConnectionClosed closed)
    {
        if (_waiting?.Connection.Number == closed.ConnectionNumber)
        {
            _waiting = null;
            return;
        }

        // After a restart the connection is known by its row only; an end that is told twice counts once.
        var isCurrent = _connection is null ? _isRowOpen && _lastConnection == closed.ConnectionNumber : _connection.Number == closed.ConnectionNumber;
        if (!isCurrent)
        {
            EndIfUnused();
            return;
        }

        _connection = null;
        _isBound = false;
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
        var isPresent = _state is not null;
        if (_state is null && connect.SessionExpiry > TimeSpan.Zero)
        {
            Begin();
        }

        _connection = connect.Connection;
        _lastConnection = connect.Connection.Number;
        _expiry = connect.SessionExpiry;
        _will = connect.Will;
        if (_state is null && _will is null)
        {
            Bound(connect, isPresent);
            return;
        }

        _hasRow = true;
        _isRowOpen = false;
        _timers.WaitForStore(_services.Patience);
        _commits.Write(
            new StoreWrite.OpenConnection(_clientId, _lastConnection, (uint)_expiry.TotalSeconds, _will),
            () => Bound(connect, isPresent));
    }

    private void Bound(SessionProtocol.Connect connect, bool isPresent)
    {
        if (_connection?.Number != connect.Connection.Number)
        {
            return;
        }

        _timers.StoreAnswered();
        _isBound = true;
        _connection.Tell(new ConnectionProtocol.SessionBound(isPresent, _state is not null));
        if (_state is not null)
        {
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
