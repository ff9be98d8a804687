using Akka.Actor;
using Akka.Cluster.Sharding;
using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Actors.Security;
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
    private ClientIdentity? _willAuthor;
    private TimeSpan _expiry;
    private long _lastConnection;
    private bool _hasRow;
    private bool _isRowOpen;
    private long _offlineSince;
    private long _willPendingFor;
    private bool _isBound;
    private bool _isEnding;

    /// <summary>Something was written whose outcome nobody waits for: the next home of this entity must not read what was there before it.</summary>
    private bool _hasUnseenWrites;

    public SessionActor(string clientId, SessionServices services)
    {
        _clientId = clientId;
        _services = services;
        _commits = new StoreCommits(Self, services.Writer);
        _timers = new SessionTimers(Context.System.Scheduler, Self);
    }

    /// <summary>What its client has not got yet, and what it has not acknowledged; nothing where it is no durable session. Any thread.</summary>
    internal QueueDepth Depth => _state is { } state ? new QueueDepth(state.Queue.Count, state.Queue.Bytes, state.Inflight.Count) : default;

    private long Now => _services.UtcNow;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _services.Entities.Enter(this);
        _areGuardsKnown = TryTakeGuard();
        if (_services.Reader.MayHaveSession(_clientId))
        {
            StartLoading();
        }
        else if (!_areGuardsKnown)
        {
            StartWaitingForGuards();
        }
        else if (_guard is not null)
        {
            Adopt();
        }
    }

    /// <inheritdoc/>
    protected override void PreRestart(Exception reason, object message)
    {
        // What this instance held may not be what the store has: the next one loads, and the client comes again.
        SessionLog.Restarted(_services.Logger, _clientId, reason.Message);
        _connection?.Tell(new ConnectionProtocol.Disconnect(ReasonCode.ImplementationSpecificError, "the session starts again from the database"));
        PutGuardBack();
        base.PreRestart(reason, message);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _services.Entities.Leave(this);
        _timers.CancelAll();
        LeaveHome();
    }

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
            case SessionProtocol.Attach attach:
                OnAttach(attach);
                break;
            case SessionProtocol.FromConnection fromConnection:
                OnFromConnection(fromConnection);
                break;
            case StoreCommits.Due:
                RunCommits();
                EndIfUnused();
                break;
            case ConnectionHomes.NodeGone gone:
                OnNodeGone(gone.Node);
                break;
            case HandOff:
                OnHandOff();
                break;
            case SessionTimers.LaneCheck:
                OnLaneCheck();
                break;
            case SessionProtocol.Discard discard:
                OnDiscard(discard);
                break;
            case SessionProtocol.Describe describe:
                OnDescribe(describe);
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
            _hasUnseenWrites = true;
        }

        _hasRow = false;
        AwaitUnseenWrites(_hasUnseenWrites);
    }

    /// <summary>Until then the entity stays: should its shard move, the next home reads what these leave.</summary>
    private void AwaitUnseenWrites(bool isAny)
    {
        if (isAny)
        {
            _hasUnseenWrites = false;
            _commits.Write(new StoreWrite.Barrier());
        }
    }

    /// <summary>
    /// Nothing is left to own: the shard lets this entity go, and keeps what arrives meanwhile for the next one. Not before a will is accepted: its row
    /// would stay, and it would be sent again.
    /// </summary>
    private void EndIfUnused()
    {
        if (!_isEnding && _connection is null && _waiting is null && _state is null && _discarded.Count == 0 && _willPendingFor == 0
            && _commits.Count == 0)
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
            else if (message is HandOff)
            {
                Context.Stop(Context.Self);
            }
        });
    }
}
