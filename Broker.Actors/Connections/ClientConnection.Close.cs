using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Actors.Connections;

/// <summary>The end of a connection, from either side.</summary>
internal sealed partial class ClientConnection
{
    private bool _discardWill;
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

        if (_phase == Phase.Connecting)
        {
            Refuse(reasonCode, reason);
            return;
        }

        _closeReason = $"{reason} (0x{(byte)reasonCode:X2})";
        if (IsVersion5)
        {
            Write(new DisconnectPacket { ReasonCode = reasonCode, ReasonString = _reportsProblems ? reason : null });
        }

        Leave(discardWill: false);
    }

    /// <summary>Once a second.</summary>
    internal void CheckTimeout(long now)
    {
        switch (_phase)
        {
            case Phase.AwaitingConnect when now - _lastActivity >= _context.Limits.ConnectTimeout.TotalMilliseconds:
                _closeReason = "no CONNECT in time (mqtt.limits.connect-timeout)";
                Leave(discardWill: true);
                break;
            case Phase.Connecting when now - _lastActivity >= SessionAnswerTimeout:
                Refuse(ReasonCode.ServerUnavailable, "the session did not answer in time");
                break;
            case Phase.Connected when _keepAliveTimeout > 0 && _holds == HoldReasons.None && now - _lastActivity >= _keepAliveTimeout:
                Disconnect(ReasonCode.KeepAliveTimeout, "nothing came for one and a half times the keep alive [MQTT-3.1.2-22]");
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
        Loop.Connections.Remove(this);
        if (_askedForSession)
        {
            _context.TellSession(new SessionProtocol.ConnectionClosed(ClientId, Number, _discardWill, _changedExpiry));
        }

        _context.Directory.Remove(this);

        if (wasConnected)
        {
            ConnectionLog.Disconnected(_context.Logger, ClientId, RemoteAddress, _closeReason);
        }
        else if (!sawConnect)
        {
            ConnectionLog.ClosedBeforeConnect(_context.Logger, RemoteAddress, _channel.Listener, _closeReason);
        }
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
        if (command is ConnectionProtocol.PublishCompleted && _phase == Phase.Closing)
        {
            AcknowledgeCompleted();
        }
    }
}
