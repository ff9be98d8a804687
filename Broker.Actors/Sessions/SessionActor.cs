using Akka.Actor;
using Akka.Cluster.Sharding;
using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>
/// The one owner of a client id in the cluster: who is connected under it, its will, and when its session ends. A session that outlives its
/// connection has its state here too, in <see cref="DurableSessionState"/>.
/// </summary>
internal sealed partial class SessionActor : ReceiveActor, IWithTimers
{
    private const string WillTimer = "will";
    private const string ExpiryTimer = "expiry";

    private readonly string _clientId;
    private readonly SessionServices _services;
    private ConnectionRef? _connection;
    private SessionProtocol.Connect? _waiting;
    private DurableSessionState? _state;
    private WillMessage? _will;
    private TimeSpan _expiry;
    private long _expiresAt;

    public SessionActor(string clientId, SessionServices services)
    {
        _clientId = clientId;
        _services = services;
        Receive<SessionProtocol.Connect>(OnConnect);
        Receive<SessionProtocol.ConnectionClosed>(OnConnectionClosed);
        Receive<SessionProtocol.Discard>(OnDiscard);
        Receive<SessionProtocol.Ping>(_ => OnPing());
        Receive<WillDue>(_ => PublishWill());
        Receive<ExpiryCheck>(_ => OnExpiryCheck());
        ReceiveDurable();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private long Now => _services.UtcNow;

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

        if (_connection?.Number != closed.ConnectionNumber)
        {
            EndIfUnused();
            return;
        }

        _connection = null;
        _expiry = closed.SessionExpiry ?? _expiry;
        if (closed.DiscardWill)
        {
            _will = null;
        }

        ScheduleWill();
        if (_expiry == TimeSpan.Zero)
        {
            EndSession();
        }
        else
        {
            _expiresAt = Now + (long)_expiry.TotalMilliseconds;
            ScheduleExpiryCheck();
        }

        if (_waiting is { } waiting)
        {
            _waiting = null;
            Bind(waiting);
        }
        else
        {
            EndIfUnused();
        }
    }

    private void Bind(SessionProtocol.Connect connect)
    {
        Timers.Cancel(ExpiryTimer);
        if (connect.CleanStart)
        {
            EndSession();
        }

        // The session goes on: its delayed will is not sent [MQTT-3.1.3-9].
        Timers.Cancel(WillTimer);
        var isPresent = _state is not null;
        if (_state is null && connect.SessionExpiry > TimeSpan.Zero)
        {
            _state = new DurableSessionState(_clientId, _services.Limits, _services.NextIncarnation());
            _services.AddDurable(1);
        }

        _connection = connect.Connection;
        _expiry = connect.SessionExpiry;
        _will = connect.Will;
        _connection.Tell(new ConnectionProtocol.SessionBound(isPresent, _state is not null));
        if (_state is not null)
        {
            Resume(connect.ReceiveMaximum);
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

    private void OnPing()
    {
        Sender.Tell(new SessionProtocol.Pong());
        EndIfUnused();
    }

    private void ScheduleWill()
    {
        if (_will is null)
        {
            return;
        }

        // The will is due at the latest when the session ends [MQTT-3.1.2-8, 3.1.3-9].
        var delay = TimeSpan.FromSeconds(_will.DelayInterval);
        if (delay == TimeSpan.Zero || _expiry == TimeSpan.Zero)
        {
            PublishWill();
        }
        else
        {
            Timers.StartSingleTimer(WillTimer, WillDue.Instance, delay < _expiry ? delay : _expiry);
        }
    }

    private void PublishWill()
    {
        if (_will is not { } will)
        {
            return;
        }

        _will = null;
        var expiry = will.Properties?.MessageExpiryInterval;
        _services.Publish(new Publication
        {
            Topic = will.Topic,
            Payload = will.Payload,
            QoS = will.QoS,
            Retain = will.Retain,
            Properties = will.Properties,
            ExpiresAt = expiry is { } seconds ? Now + (seconds * 1000L) : Publication.Never,
            ClientId = _clientId,
        });
    }

    private void ScheduleExpiryCheck()
    {
        var left = TimeSpan.FromMilliseconds(_expiresAt - Now);
        Timers.StartSingleTimer(ExpiryTimer, ExpiryCheck.Instance, left < LongestTimer ? left : LongestTimer);
    }

    private void OnExpiryCheck()
    {
        if (_connection is not null)
        {
            return;
        }

        if (Now < _expiresAt)
        {
            ScheduleExpiryCheck();
            return;
        }

        EndSession();
        EndIfUnused();
    }

    /// <summary>The session is over, and a will that waited is due.</summary>
    private void EndSession()
    {
        Timers.Cancel(WillTimer);
        PublishWill();
        if (_state is not null)
        {
            DiscardState(_state);
            _state = null;
        }
    }

    /// <summary>Nothing is left to own: the shard lets this entity go, and keeps what arrives meanwhile for the next one.</summary>
    private void EndIfUnused()
    {
        if (_connection is null && _waiting is null && _state is null)
        {
            Passivate();
        }
    }

    private void Passivate()
    {
        Context.Parent.Tell(new Passivate(PoisonPill.Instance));

        // What the shard sent before it read that goes back to it, behind it, and so on to the next entity.
        Become(() =>
        {
            Receive<ISessionMessage>(message => Context.Parent.Forward(message));
            ReceiveAny(static _ => { });
        });
    }

    // Timers of the scheduler are bounded, session expiry is not.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromHours(1);

    private sealed class WillDue
    {
        public static WillDue Instance { get; } = new();
    }

    private sealed class ExpiryCheck
    {
        public static ExpiryCheck Instance { get; } = new();
    }
}
