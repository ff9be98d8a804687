using System.Diagnostics;
using Broker.Actors.Hosting;
using Broker.Actors.Metrics;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Actors.Tracing;
using Broker.Protocol.Packets;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Connections;

/// <summary>CONNECT, up to CONNACK.</summary>
internal sealed partial class ClientConnection
{
    private const long SessionAnswerTimeout = 30_000;
    private const long AskAgainAfter = 2_000;

    private ConnectPacket? _connect;
    private Activity? _connectSpan;
    private bool _isClientIdAssigned;
    private bool _isBridge;
    private bool _askedForSession;
    private bool _hasWill;
    private long _lastAsked;
    private TimeSpan _sessionExpiry;
    private int _keepAliveTimeout;

    /// <summary>QoS 1 and 2 messages that may be unacknowledged towards the client [MQTT-3.3.4-9].</summary>
    internal int SendQuota { get; private set; }

    private void OnConnect(ConnectPacket connect)
    {
        _connect = connect;
        _shownClientId = connect.ClientId.Shortened();
        if (_context.Traces.IsOn)
        {
            TraceConnect(connect);
        }

        if (MessageSpans.IsOn)
        {
            _connectSpan = MessageSpans.Connect(connect, Listener);
        }

        _maximumPacketSize = connect.MaximumPacketSize ?? uint.MaxValue;
        _reportsProblems = connect.RequestProblemInformation;
        if (Problem(connect) is { } problem)
        {
            Refuse(problem);
            return;
        }

        _isClientIdAssigned = connect.ClientId.Length == 0;
        ClientId = _isClientIdAssigned ? $"auto-{Guid.NewGuid():N}" : connect.ClientId;
        _shownClientId = ClientId.Shortened();
        if (_isClientIdAssigned && _context.Traces.IsOn)
        {
            Retrace();
        }

        Authenticate(connect);
    }

    private Refusal? Problem(ConnectPacket connect)
    {
        var limits = _context.Limits;
        if (_context.Options.Redirect.Connects is var redirect and not RedirectConnects.Off)
        {
            return new Refusal(
                redirect == RedirectConnects.ServerMoved ? ReasonCode.ServerMoved : ReasonCode.UseAnotherServer,
                "clients are sent elsewhere (mqtt.redirect.connects)");
        }

        if (limits.MaxConnections > 0 && _context.Directory.Count > limits.MaxConnections)
        {
            return new Refusal(ReasonCode.QuotaExceeded, $"the node has {limits.MaxConnections} connections, as many as mqtt.limits.max-connections allows", RefusalReason.MaxConnections);
        }

        if (_context.Memory.IsFull)
        {
            return new Refusal(ReasonCode.QuotaExceeded, "the node has no memory for more clients (mqtt.limits.max-memory)", RefusalReason.MaxMemory);
        }

        if (_context.Bans?.Problem(RemoteAddress, connect.ClientId) is { } ban)
        {
            return new Refusal(ReasonCode.Banned, ban);
        }

        if (connect.AuthenticationMethod is { } method && !_context.Mechanisms.Has(method))
        {
            return new Refusal(ReasonCode.BadAuthenticationMethod, $"authentication method \"{method.Shortened()}\" is not supported");
        }

        if (connect.ClientId.Length == 0 && connect.Version < ProtocolVersion.V5 && !connect.CleanStart)
        {
            return new Refusal(ReasonCode.ClientIdentifierNotValid, "a session that is kept needs a client id [MQTT-3.1.3-8]");
        }

        if (System.Text.Encoding.UTF8.GetByteCount(connect.ClientId) > limits.MaxClientIdLength)
        {
            return new Refusal(ReasonCode.ClientIdentifierNotValid, $"the client id is longer than {limits.MaxClientIdLength} bytes");
        }

        if (connect.Will is { } will && TopicProblem(will.Topic) is { } topicProblem)
        {
            return new Refusal(topicProblem.ReasonCode, "will: " + topicProblem.Message);
        }

        if (connect.Will is { } text && PayloadProblem(text.Properties, text.Payload) is { } payloadProblem)
        {
            return new Refusal(payloadProblem.ReasonCode, "will: " + payloadProblem.Message);
        }

        return null;
    }

    /// <summary>The client is known, or need not be.</summary>
    private void BindSession()
    {
        var connect = _connect!;
        _context.Bans?.OnConnect(RemoteAddress, ClientId);
        _sessionExpiry = Expiry(connect.SessionExpiryInterval ?? 0);
        SendQuota = Math.Min(connect.ReceiveMaximum ?? ushort.MaxValue, _context.Limits.MaxInflight);
        _askedForSession = true;
        _hasWill = connect.Will is not null;
        AskForSession();
    }

    /// <summary>Also again: the entity's shard may have been moving, or its answer got lost.</summary>
    private void AskForSession()
    {
        var connect = _connect!;
        _lastAsked = Loop.Tick;
        _context.TellSession(new SessionProtocol.Connect(
            ClientId,
            new ConnectionRef(ClientId, Number, _context.Registry, _context.Node),
            connect.CleanStart,
            _sessionExpiry,
            SendQuota,
            connect.Will,
            Volatile.Read(ref _claim),

            // Without rules nothing is looked at when it is due, and nodes from before there were any understand a CONNECT without this alone (docs/upgrade.md).
            connect.Will is null || _context.Access.IsOpen ? null : _identity));
    }

    private void OnReask()
    {
        if (_phase == Phase.Connecting && _askedForSession)
        {
            AskForSession();
        }
    }

    /// <summary>The clocks of two nodes disagree, so that the connection before has a higher number.</summary>
    private void OnRenumber(ConnectionProtocol.Renumber renumber)
    {
        if (_phase != Phase.Connecting || renumber.Above < Number)
        {
            return;
        }

        _context.Directory.Remove(this);
        Number = _context.Directory.NextNumber(renumber.Above);
        _context.Directory.Add(this);
        AskForSession();
    }

    private TimeSpan Expiry(uint seconds)
    {
        var longest = _context.Limits.MaxSessionExpiry;
        return seconds == uint.MaxValue || seconds > longest.TotalSeconds ? longest : TimeSpan.FromSeconds(seconds);
    }

    private void OnSessionBound(ConnectionProtocol.SessionBound bound)
    {
        // The entity may have answered twice, or be no more: then its new home has been told that this connection was not bound.
        if (_phase != Phase.Connecting || !TryClaim(bound))
        {
            return;
        }

        var connect = _connect!;
        Home = bound.Home;
        var keepAlive = KeepAlive(connect.KeepAlive);
        var answer = Accept(connect, bound, keepAlive);
        if (!Fits(answer))
        {
            Refuse(new Refusal(ReasonCode.PacketTooLarge, "CONNACK does not fit into the client's Maximum Packet Size [MQTT-3.1.2-24]"));
            return;
        }

        _connect = null;
        _phase = Phase.Connected;
        _isBridge = connect.IsBridge;
        _channel.MaximumPacketSize = _context.Limits.MaxPacketSize;
        if (connect.TopicAliasMaximum > 0 && _context.Limits.OutboundTopicAliasMaximum > 0)
        {
            _outboundAliases = new OutboundTopicAliases(Math.Min(connect.TopicAliasMaximum, _context.Limits.OutboundTopicAliasMaximum));
        }

        _keepAliveTimeout = keepAlive * 1500;
        _connectedAt = Loop.UtcNow;
        _rate = ClientRate.For(_context.Limits, Loop.Tick);
        Write(answer);
        EndConnectSpan(ReasonCode.Success);
        ConnectionLog.Connected(
            _context.Logger, _shownClientId, RemoteAddress, _channel.Listener, connect.Version, (UserName ?? "unknown").Shortened(), connect.KeepAlive, bound.SessionPresent, _sessionExpiry);
        _session = bound.IsDurable
            ? new DurableSession(this, _context.DurableSubscribers.GetOrAdd(ClientId), bound.Attempt + 1)
            : new LiveSession(this, new SessionSubscriber(ClientId, isDurable: false));
        _session.Start();
        Release(HoldReasons.Connecting);
    }

    private void EndConnectSpan(ReasonCode reasonCode)
    {
        if (_connectSpan is { } span)
        {
            MessageSpans.Connected(span, TracedId, reasonCode);
            _connectSpan = null;
        }
    }

    /// <summary>Seconds; the client's own where the broker sets no limit, or a lower one.</summary>
    private int KeepAlive(ushort wanted)
    {
        var longest = (int)Math.Min(_context.Limits.MaxKeepAlive.TotalSeconds, ushort.MaxValue);
        return longest > 0 && IsVersion5 && (wanted == 0 || wanted > longest) ? longest : wanted;
    }

    private ConnAckPacket Accept(ConnectPacket connect, ConnectionProtocol.SessionBound bound, int keepAlive)
    {
        var limits = _context.Limits;
        return new ConnAckPacket
        {
            SessionPresent = bound.SessionPresent,
            SessionExpiryInterval = _sessionExpiry.TotalSeconds is var seconds
                && connect.SessionExpiryInterval is { } asked && asked != seconds ? (uint)seconds : null,
            ReceiveMaximum = limits.ReceiveMaximum == ushort.MaxValue ? null : (ushort)limits.ReceiveMaximum,
            MaximumPacketSize = (uint)limits.MaxPacketSize,
            TopicAliasMaximum = (ushort)limits.TopicAliasMaximum,
            AssignedClientIdentifier = _isClientIdAssigned ? ClientId : null,
            ServerKeepAlive = keepAlive == connect.KeepAlive ? null : (ushort)keepAlive,
            AuthenticationMethod = _method, // [MQTT-4.12.0-5], none without one [MQTT-4.12.0-6]
            AuthenticationData = _lastAuthenticationData,
            ResponseInformation = connect.RequestResponseInformation ? ResponseTopic(ClientId) : null,
        };
    }

    /// <summary>Null: it would be too long for a string of MQTT, and need not be sent (section 3.2.2.3.15).</summary>
    private static string? ResponseTopic(string clientId) =>
        $"response/{clientId}" is var topic && System.Text.Encoding.UTF8.GetByteCount(topic) <= ushort.MaxValue ? topic : null;

    /// <summary>CONNACK has no word for a shutdown, a take-over and the like (section 3.2.2.2).</summary>
    private static ReasonCode ForConnAck(ReasonCode reasonCode) =>
        reasonCode is ReasonCode.ServerShuttingDown or ReasonCode.SessionTakenOver or ReasonCode.AdministrativeAction
            ? ReasonCode.ServerUnavailable
            : reasonCode;

    /// <summary>CONNACK with an error, then the end [MQTT-3.2.2-7]; one that MQTT 3 cannot say is a plain close.</summary>
    private void Refuse(Refusal refusal)
    {
        var (reasonCode, reason, why) = refusal;
        Loop.Counters.Refuse(why);

        // The ban has its line; it is for those who do this again and again.
        var level = reasonCode == ReasonCode.Banned ? LogLevel.Debug : LogLevel.Warning;
        if (_traces is not null)
        {
            Trace(TraceEvents.Refused, topic: null, reasonCode, reason);
        }

        EndConnectSpan(reasonCode);
        if (_shownClientId.Length > 0)
        {
            ConnectionLog.Refused(_context.Logger, level, _shownClientId, RemoteAddress, _channel.Listener, reasonCode, reason);
        }
        else
        {
            ConnectionLog.RefusedUnnamed(_context.Logger, level, RemoteAddress, _channel.Listener, reasonCode, reason);
        }

        if (_connect is not null || IsVersion5 || reasonCode == ReasonCode.UnsupportedProtocolVersion)
        {
            var answer = new ConnAckPacket { ReasonCode = ForConnAck(reasonCode), ReasonString = IsVersion5 ? reason : null, ServerReference = Reference(reasonCode) };
            answer = Fits(answer) ? answer : new ConnAckPacket { ReasonCode = answer.ReasonCode, ServerReference = answer.ServerReference }; // [MQTT-3.2.2-19]
            Write(Fits(answer) ? answer : new ConnAckPacket { ReasonCode = answer.ReasonCode });
        }

        Leave(discardWill: true);
    }
}
