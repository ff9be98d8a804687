using Akka.Actor;
using Broker.Actors.Sessions;
using Broker.Actors.Tracing;
using Broker.Protocol.Packets;

namespace Broker.Actors.Connections;

/// <summary>The end of a connection, from either side.</summary>
internal sealed partial class ClientConnection
{
    /// <summary>After which a publish that nobody has taken yet holds the next connection no longer, in ms.</summary>
    private const long WithdrawAfter = 10_000;

    private bool _discardWill;
    private bool _isFinished;
    private long _closedAt;
    private TimeSpan? _changedExpiry;
    private string _closeReason = "the client closed the connection without DISCONNECT";

    /// <summary>DISCONNECT with the reason for v5, a plain close for v3 (section 4.13). The will is due.</summary>
    internal void Disconnect(ReasonCode reasonCode, string reason)
    {
        if (_phase is Phase.Closing or Phase.Closed)
        {
            return;
        }

        if (_phase == Phase.AwaitingConnect)
        {
            _closeReason = reason;
            Leave(discardWill: true);
            return;
        }

        if (_phase is Phase.Authenticating or Phase.Connecting)
        {
            Refuse(new Refusal(reasonCode, reason));
            return;
        }

        if (_traces is not null)
        {
            Trace(TraceEvents.Refused, topic: null, reasonCode, reason);
        }

        _closeReason = $"{reason} (0x{(byte)reasonCode:X2})";
        if (IsVersion5)
        {
            var farewell = new DisconnectPacket { ReasonCode = reasonCode, ReasonString = _reportsProblems ? reason : null, ServerReference = Reference(reasonCode) };
            farewell = Fits(farewell) ? farewell : new DisconnectPacket { ReasonCode = reasonCode, ServerReference = farewell.ServerReference }; // [MQTT-3.14.2-3]
            Write(Fits(farewell) ? farewell : new DisconnectPacket { ReasonCode = reasonCode });
        }

        Leave(discardWill: false);
    }

    /// <summary>Where a client goes that is sent elsewhere (section 4.11).</summary>
    private string? Reference(ReasonCode reasonCode) =>
        reasonCode is ReasonCode.UseAnotherServer or ReasonCode.ServerMoved && IsVersion5 && _context.Options.Redirect.ServerReference is { Length: > 0 } reference ? reference : null;

    /// <summary>
    /// A fault of ours: what was to be done after it is not done, and the client comes again, to its session as it is stored. Nothing more is said: the fault
    /// may have left half a packet.
    /// </summary>
    internal void Fail(Exception fault)
    {
        ConnectionLog.Failed(_context.Logger, _shownClientId, RemoteAddress, fault);
        if (_phase is not (Phase.Closing or Phase.Closed))
        {
            _closeReason = "an internal fault";
            Leave(discardWill: false);
        }
    }

    /// <summary>Once a second.</summary>
    internal void CheckTimeout(long now)
    {
        switch (_phase)
        {
            case Phase.AwaitingConnect when now - _lastActivity >= _context.Limits.ConnectTimeout.TotalMilliseconds:
                Loop.Counters.Refuse(RefusalReason.ConnectTimeout);
                _closeReason = "no CONNECT in time (mqtt.limits.connect-timeout)";
                Leave(discardWill: true);
                break;
            case Phase.Authenticating when IsAuthenticationLate(now):
                Loop.Counters.Authenticate(AuthenticationOutcome.Late);
                Refuse(new Refusal(ReasonCode.NotAuthorized, LateAuthentication));
                break;
            case Phase.Connected when !IsHeldByBroker && IsAuthenticationLate(now):
                Loop.Counters.Authenticate(AuthenticationOutcome.Late);
                Disconnect(ReasonCode.NotAuthorized, LateAuthentication);
                break;
            case Phase.Connecting when now - _lastActivity >= SessionAnswerTimeout:
                Refuse(new Refusal(ReasonCode.ServerUnavailable, "the session did not answer in time"));
                break;
            case Phase.Connecting when _askedForSession && now - _lastAsked >= AskAgainAfter && TryBeginAttempt():
                AskForSession();
                break;
            case Phase.Closed when now - _closedAt >= WithdrawAfter:
                FinishClose();
                break;
            case Phase.Connected when _expiresAt != long.MaxValue && _context.Time.GetUtcNow().ToUnixTimeMilliseconds() >= _expiresAt:
                Disconnect(ReasonCode.MaximumConnectTime, "the token that the client was let in by has expired");
                break;
            case Phase.Connected when _keepAliveTimeout > 0 && !IsHeldByBroker && now - _lastActivity >= _keepAliveTimeout:
                Disconnect(ReasonCode.KeepAliveTimeout, "nothing came for one and a half times the keep alive [MQTT-3.1.2-22]");
                break;
            case Phase.Connected:
                _session!.CheckAnswers(now);
                break;
        }
    }

    /// <inheritdoc/>
    public void OnClosed(Exception? cause)
    {
        if (_phase == Phase.Closed)
        {
            return;
        }

        if (cause is not null && _phase != Phase.Closing)
        {
            _closeReason = "the connection broke: " + cause.Message;
        }

        var wasConnected = _session is not null;
        var sawConnect = ClientId.Length > 0;
        _phase = Phase.Closed;
        _session?.End();
        _ratePaid?.Dispose();
        _closedAt = Loop.Tick;
        EndConnectSpan(ReasonCode.UnspecifiedError);
        if (_traces is not null)
        {
            Trace(TraceEvents.Closed, topic: null, ReasonCode.Success, _closeReason);
        }

        if (!IsAnyUnderWay)
        {
            FinishClose();
        }

        if (wasConnected)
        {
            ConnectionLog.Disconnected(_context.Logger, _shownClientId, RemoteAddress, _closeReason);
        }
        else if (!sawConnect)
        {
            ConnectionLog.ClosedBeforeConnect(_context.Logger, RemoteAddress, _channel.Listener, _closeReason);
        }
    }

    /// <summary>
    /// Now the next connection of the client id may be accepted. Its entity is told before this connection leaves the directory.
    /// </summary>
    private void FinishClose()
    {
        if (_isFinished)
        {
            return;
        }

        _isFinished = true;
        Loop.Connections.Remove(this);
        if (_askedForSession)
        {
            var isRepeated = _hasWill || _sessionExpiry > TimeSpan.Zero || IsDurable;
            var closed = new SessionProtocol.ConnectionClosed(ClientId, Number, _discardWill, _changedExpiry, isRepeated ? _context.Registry : null);
            _context.TellSession(closed);
            if (isRepeated)
            {
                _context.Registry.Tell(new ConnectionRegistry.Closing(closed), ActorRefs.NoSender);
            }
        }

        _context.Directory.Remove(this);
    }

    private void OnDisconnect(DisconnectPacket packet)
    {
        if (packet.SessionExpiryInterval is { } seconds)
        {
            if (_sessionExpiry == TimeSpan.Zero && seconds != 0)
            {
                Disconnect(ReasonCode.ProtocolError, "DISCONNECT cannot set an expiry where CONNECT set none [MQTT-3.14.2-2]");
                return;
            }

            _changedExpiry = Expiry(seconds);
        }

        _closeReason = packet.ReasonCode == ReasonCode.NormalDisconnection
            ? "the client said DISCONNECT"
            : $"the client said DISCONNECT 0x{(byte)packet.ReasonCode:X2}";
        Leave(discardWill: packet.ReasonCode == ReasonCode.NormalDisconnection);
    }

    private void Leave(bool discardWill)
    {
        _phase = Phase.Closing;
        _discardWill = discardWill;
        _channel.PauseReading();
        _channel.Flush();
        _channel.Close();
    }

    private void HandleAfterClose(object command)
    {
        // The session was bound to a connection that has gone: its entity was, or will be, told by ConnectionClosed.
        if (command is not ConnectionProtocol.PublishCompleted)
        {
            return;
        }

        if (_phase == Phase.Closing)
        {
            AcknowledgeCompleted();
        }
        else if (!IsAnyUnderWay)
        {
            FinishClose();
        }
    }
}
