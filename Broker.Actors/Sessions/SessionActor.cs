using Akka.Actor;
using Akka.Cluster.Sharding;
using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>
/// The one owner of a client id in the cluster: who is connected under it, its will, and when its session ends. A session that outlives its
/// connection has its state here too, in <see cref="DurableSessionState"/>; what is in the store is loaded before the first message is handled.
/// </summary>
internal sealed partial class SessionActor : UntypedActor
{
    private readonly string _clientId;
    private readonly SessionServices _services;
    private readonly StoreCommits _commits;
    private readonly SessionTimers _timers;
    private ConnectionRef? _connection;
    private SessionProtocol.Connect? _waiting;
    private DurableSessionState? _state;
    private WillMessage? _will;
    private TimeSpan _expiry;
    private long _lastConnection;
    private bool _hasRow;
    private bool _isRowOpen;
    private long _offlineSince;
    private long _willPendingFor;
    private bool _isBound;
    private bool _isEnding;

    public SessionActor(string clientId, SessionServices services)
    {
        _clientId = clientId;
        _services = services;
        _commits = new StoreCommits(Self, services.Writer);
        _timers = new SessionTimers(Context.System.Scheduler, Self);
    }

    private long Now => _services.UtcNow;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        if (_services.Reader.MayHaveSession(_clientId))
        {
            StartLoading();
        }
    }

    /// <inheritdoc/>
    protected override void PreRestart(Exception reason, object message)
    {
        // What this instance held may not be what the store has: the next one loads, and the client comes again.
        SessionLog.Restarted(_services.Logger, _clientId, reason.Message);
        _connection?.Tell(new ConnectionProtocol.Disconnect(ReasonCode.ImplementationSpecificError, "the session starts again from the database"));
        base.PreRestart(reason, message);
    }

    /// <inheritdoc/>
    protected override void PostStop() => _timers.CancelAll();

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SessionProtocol.Connect connect:
                OnConnect(connect);
                break;
            case SessionProtocol.ConnectionClosed closed:
                OnConnectionClosed(closed);
                break;
            case SessionDelivery delivery:
                OnDelivery(delivery);
                break;
            case SessionProtocol.FromConnection fromConnection:
                OnFromConnection(fromConnection);
                break;
            case StoreCommits.Due:
                _commits.Run();
                break;
            case SessionProtocol.Discard discard:
                OnDiscard(discard);
                break;
            case SessionProtocol.Ping ping:
                ping.ReplyTo.Tell(new SessionProtocol.Pong());
                EndIfUnused();
                break;
            case SessionProtocol.Wake:
                OnWake();
                break;
            case SessionTimers.WillDue:
                PublishWill();
                break;
            case SessionTimers.ExpiryDue:
                OnExpiryDue();
                break;
            case SessionTimers.Idle:
                OnIdle();
                break;
            case SessionTimers.PatienceOver:
                OnPatienceOver();
                break;
            default:
                OnStoreMessage(message);
                break;
        }
    }

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

    /// <summary>Loaded or not yet, what is due is done on loading; a plain connection's will is in its row alone.</summary>
    private void OnWake()
    {
        if (_connection is null && _state is null && !_hasRow && _willPendingFor == 0)
        {
            StartLoading();
        }
    }

    private void OnDiscard(SessionProtocol.Discard discard)
    {
        _expiry = TimeSpan.Zero;
        if (_connection is not null)
        {
            _connection.Tell(new ConnectionProtocol.Disconnect(ReasonCode.AdministrativeAction, "an operator ended the session"));
        }
        else
        {
            EndSession();
            EndIfUnused();
        }

        discard.ReplyTo.Tell(Status.Success.Instance);
    }

    /// <param name="waited">How long ago the connection closed.</param>
    private void ScheduleWill(TimeSpan waited)
    {
        if (_will is null)
        {
            return;
        }

        // The will is due at the latest when the session ends [MQTT-3.1.2-8, 3.1.3-9].
        var delay = TimeSpan.FromSeconds(_will.DelayInterval);
        var left = (delay < _expiry ? delay : _expiry) - waited;
        if (left <= TimeSpan.Zero)
        {
            PublishWill();
        }
        else
        {
            _timers.DelayWill(left);
        }
    }

    private void PublishWill()
    {
        if (_will is not { } will || _connection is not null)
        {
            return;
        }

        _will = null;
        _willPendingFor = _lastConnection;
        var expiry = will.Properties?.MessageExpiryInterval;
        var publication = new Publication
        {
            Topic = will.Topic,
            Payload = will.Payload,
            QoS = will.QoS,
            Retain = will.Retain,
            Properties = will.Properties,
            ExpiresAt = expiry is { } seconds ? Now + (seconds * 1000L) : Publication.Never,
            ClientId = _clientId,
        };

        // Its row goes once it is accepted: a node that dies before sends it again.
        var (self, number) = (Self, _lastConnection);
        _services.Publish(publication, () => self.Tell(new WillAccepted(number)));
    }

    private void OnWillAccepted(WillAccepted accepted)
    {
        if (_willPendingFor == accepted.ConnectionNumber)
        {
            _willPendingFor = 0;
        }

        if (!_hasRow)
        {
            _services.Writer.Write(new StoreWrite.ForgetConnection(_clientId, accepted.ConnectionNumber), IgnoredOutcome.Instance);
        }
        else if (_connection is null && accepted.ConnectionNumber == _lastConnection)
        {
            // The row's time starts again with this write: what is left of the session's.
            var left = _expiry == TimeSpan.MaxValue ? _expiry : _expiry - TimeSpan.FromMilliseconds(Now - _offlineSince);
            _commits.Write(new StoreWrite.CloseConnection(_clientId, _lastConnection, (uint)Math.Max(0, left.TotalSeconds), keepWill: false));
        }

        EndIfUnused();
    }

    private void OnExpiryDue()
    {
        if (_connection is null)
        {
            EndSession();
            EndIfUnused();
        }
    }

    /// <summary>The session is over, and a will that waited is due.</summary>
    private void EndSession()
    {
        _timers.Cancel();
        PublishWill();
        if (_state is not null)
        {
            DiscardState(_state);
            _state = null;
        }

        if (_hasRow && _willPendingFor != _lastConnection)
        {
            _services.Writer.Write(new StoreWrite.ForgetConnection(_clientId, _lastConnection), IgnoredOutcome.Instance);
        }

        _hasRow = false;
    }

    /// <summary>
    /// Nothing is left to own: the shard lets this entity go, and keeps what arrives meanwhile for the next one. Not before a will is accepted: its row
    /// would stay, and it would be sent again.
    /// </summary>
    private void EndIfUnused()
    {
        if (!_isEnding && _connection is null && _waiting is null && _state is null && _discarded.Count == 0 && _willPendingFor == 0)
        {
            Passivate();
        }
    }

    private void Passivate()
    {
        _isEnding = true;
        _timers.Cancel();
        Context.Parent.Tell(new Passivate(PoisonPill.Instance));

        // What the shard sent before it read that goes back to it, behind it, and so on to the next entity. What the entity told itself is over.
        Become(static message =>
        {
            if (message is ISessionMessage)
            {
                Context.Parent.Forward(message);
            }
        });
    }

    private sealed record WillAccepted(long ConnectionNumber);
}
