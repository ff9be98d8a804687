using Broker.Actors.Security;
using Broker.Actors.Security.Mechanisms;
using Broker.Protocol.Packets;

namespace Broker.Actors.Connections;

/// <summary>
/// Who the client is: by what CONNECT shows, or by the exchange of an authentication method (section 4.12), which the client may ask for again while everything else
/// goes on (section 4.12.1).
/// </summary>
internal sealed partial class ClientConnection
{
    private const string LateAuthentication = "the client was not authenticated in time (mqtt.security.authentication-timeout)";

    // Of CONNECT; every AUTH names it [MQTT-4.12.0-5].
    private string? _method;
    private IAuthenticationExchange? _exchange;
    private ClientIdentity? _identity;
    private long _expiresAt = long.MaxValue;
    private bool _isMechanismAsked;
    private long _exchangeBegan;
    private ReadOnlyMemory<byte>? _lastAuthenticationData;

    // Null where nothing is ever forbidden, so that nothing is asked.
    private ConnectionAccess? _access;

    /// <summary>Whom the client has proved to be; null: it is anonymous, or has not yet. It stays from CONNACK on.</summary>
    internal string? UserName => _identity?.UserName;

    private void Authenticate(ConnectPacket connect)
    {
        if (connect.AuthenticationMethod is { } method)
        {
            _method = method;
            _phase = Phase.Authenticating;
            BeginExchange(connect.AuthenticationData);
            return;
        }

        BeginConnecting();
        var answer = _context.Authenticator.AuthenticateAsync(Request(connect.UserName, connect.Password));
        if (answer.IsCompletedSuccessfully)
        {
            OnAuthenticated(answer.Result);
        }
        else
        {
            AwaitAuthentication(answer.AsTask());
        }
    }

    /// <summary>Whether its client may be sent messages of the topic, as the rules are now. Any thread, once CONNACK has been sent.</summary>
    internal bool MayReceive(string topic) => _access is null || _access.Rules.MayReceive(topic);

    private AuthenticationRequest Request(string? userName, ReadOnlyMemory<byte>? password) =>
        new(ClientId, userName, password, _channel.ClientCertificate, RemoteAddress, _channel.Listener);

    /// <summary>From here on the client waits for CONNACK, and nothing of it is read.</summary>
    private void BeginConnecting()
    {
        _phase = Phase.Connecting;
        _lastActivity = Loop.Tick;
        Hold(HoldReasons.Connecting);
    }

    private void AwaitAuthentication(Task<AuthenticationResult> answer) =>
        answer.ContinueWith(
            task => _channel.EventLoop.Execute(() => OnAuthenticated(
                task.IsCompletedSuccessfully ? task.Result : new AuthenticationResult(ReasonCode.ServerUnavailable))),
            TaskScheduler.Default);

    private void OnAuthenticated(AuthenticationResult result)
    {
        if (_phase != Phase.Connecting)
        {
            return;
        }

        Loop.Counters.Authenticate(Outcome(result.ReasonCode));
        if (result.ReasonCode != ReasonCode.Success)
        {
            CountBadLogin(result.ReasonCode);
            Refuse(new Refusal(result.ReasonCode, "authentication refused"));
            return;
        }

        _expiresAt = result.ExpiresAt?.ToUnixTimeMilliseconds() ?? long.MaxValue;
        _identity = new ClientIdentity(ClientId, result.UserName, result.Roles ?? []);
        _access = _context.Access.IsOpen ? null : new ConnectionAccess(_context.Access, _identity);
        if (_connect!.Will is { } will && _access?.MayPublish(will.Topic) == false)
        {
            Refuse(new Refusal(
                _context.RefusedByRule, $"will: a rule of mqtt.security.authorization denies publishing to {will.Topic.Shortened()}", RefusalReason.Authorization));
            return;
        }

        BindSession();
    }

    private void CountBadLogin(ReasonCode reasonCode)
    {
        if (reasonCode is ReasonCode.BadUserNameOrPassword or ReasonCode.NotAuthorized)
        {
            _context.Bans?.OnBadLogin(RemoteAddress);
        }
    }

    private void OnPacketAuthenticating(Packet packet)
    {
        switch (packet)
        {
            case AuthPacket auth:
                OnAuth(auth);
                break;
            case DisconnectPacket:
                _closeReason = "the client said DISCONNECT before it was authenticated";
                Leave(discardWill: true);
                break;
            default:
                Refuse(new Refusal(ReasonCode.ProtocolError, $"{packet.Type} before the client is authenticated [MQTT-3.1.2-30]"));
                break;
        }
    }

    private void OnAuth(AuthPacket packet)
    {
        if (Problem(packet) is { } problem)
        {
            Disconnect(ReasonCode.ProtocolError, problem);
        }
        else if (packet.ReasonCode == ReasonCode.ReAuthenticate)
        {
            BeginExchange(packet.AuthenticationData);
        }
        else
        {
            Ask(packet.AuthenticationData);
        }
    }

    private string? Problem(AuthPacket packet) =>
        _method is null ? "AUTH on a connection without an authentication method [MQTT-4.12.0-7]"
        : packet.AuthenticationMethod != _method ? "AUTH with another authentication method than CONNECT [MQTT-4.12.0-5]"
        : packet.ReasonCode == ReasonCode.ReAuthenticate ? _exchange is null ? null : "re-authentication before the last authentication has ended"
        : _exchange is null ? "AUTH without an authentication to go on with"
        : _isMechanismAsked ? "AUTH out of turn"
        : null;

    private void BeginExchange(ReadOnlyMemory<byte>? data)
    {
        if (!_context.Mechanisms.TryFind(_method!, out var mechanism))
        {
            throw new InvalidOperationException("CONNECT with an unknown method is refused before.");
        }

        _exchange = mechanism.Start(Request(null, null));
        _exchangeBegan = Loop.Tick;
        Ask(data);
    }

    /// <summary>Other packets go on meanwhile.</summary>
    private void Ask(ReadOnlyMemory<byte>? data)
    {
        var exchange = _exchange!;
        _isMechanismAsked = true;
        var answer = exchange.NextAsync(data);
        if (answer.IsCompletedSuccessfully)
        {
            OnAnswered(exchange, answer.Result);
        }
        else
        {
            AwaitMechanism(exchange, answer.AsTask());
        }
    }

    private void AwaitMechanism(IAuthenticationExchange exchange, Task<AuthenticationStep> answer) =>
        answer.ContinueWith(
            task => Loop.Post(this, new ConnectionProtocol.AuthenticationAnswered(
                exchange,
                task.IsCompletedSuccessfully ? task.Result : new AuthenticationStep.Failure(ReasonCode.ServerUnavailable, "the authentication method has failed"))),
            TaskScheduler.Default);

    private void OnAnswered(IAuthenticationExchange exchange, AuthenticationStep step)
    {
        if (exchange != _exchange)
        {
            return;
        }

        _isMechanismAsked = false;
        switch (step)
        {
            case AuthenticationStep.Continue next:
                WriteAuth(ReasonCode.ContinueAuthentication, next.Data); // [MQTT-4.12.0-2]
                break;
            case AuthenticationStep.Success success:
                OnProved(success);
                break;
            case AuthenticationStep.Failure failure:
                _exchange = null;
                Loop.Counters.Authenticate(Outcome(failure.ReasonCode));
                CountBadLogin(failure.ReasonCode);
                Disconnect(_phase == Phase.Connected ? ForDisconnect(failure.ReasonCode) : failure.ReasonCode, failure.Reason);
                break;
        }
    }

    private void OnProved(AuthenticationStep.Success success)
    {
        _exchange = null;
        if (_phase == Phase.Authenticating)
        {
            _lastAuthenticationData = success.Data;
            BeginConnecting();
            OnAuthenticated(AuthenticationResult.Accepted(success.UserName, success.Roles));
        }
        else if (success.UserName != UserName)
        {
            // What the session was granted, it was granted to that user.
            Loop.Counters.Authenticate(AuthenticationOutcome.Refused);
            Disconnect(ReasonCode.NotAuthorized, "re-authentication as another user");
        }
        else
        {
            Loop.Counters.Authenticate(AuthenticationOutcome.Accepted);
            WriteAuth(ReasonCode.Success, success.Data);
        }
    }

    /// <summary>It has no reason string and no user properties, so that nothing of it could be left out for a small client [MQTT-3.15.2-2, MQTT-3.15.2-3].</summary>
    private void WriteAuth(ReasonCode reasonCode, ReadOnlyMemory<byte>? data)
    {
        var packet = new AuthPacket { ReasonCode = reasonCode, AuthenticationMethod = _method, AuthenticationData = data };
        if (Fits(packet))
        {
            Write(packet);
        }
        else
        {
            Disconnect(ReasonCode.PacketTooLarge, "AUTH does not fit into the client's Maximum Packet Size [MQTT-3.1.2-24]");
        }
    }

    private bool IsAuthenticationLate(long now) =>
        _exchange is not null && now - _exchangeBegan >= _context.Options.Security.AuthenticationTimeout.TotalMilliseconds;

    private static AuthenticationOutcome Outcome(ReasonCode reasonCode) => reasonCode switch
    {
        ReasonCode.Success => AuthenticationOutcome.Accepted,
        ReasonCode.ServerUnavailable or ReasonCode.ServerBusy => AuthenticationOutcome.Unavailable,
        _ => AuthenticationOutcome.Refused,
    };

    /// <summary>DISCONNECT has fewer words for it than CONNACK (section 3.14.2.1).</summary>
    private static ReasonCode ForDisconnect(ReasonCode reasonCode) => reasonCode switch
    {
        ReasonCode.BadUserNameOrPassword or ReasonCode.BadAuthenticationMethod or ReasonCode.Banned => ReasonCode.NotAuthorized,
        ReasonCode.ServerUnavailable => ReasonCode.ServerBusy,
        _ => reasonCode,
    };
}
