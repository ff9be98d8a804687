using System.Net;
using Broker.Actors.Tracing;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;
using Broker.Protocol.Transport;

namespace Broker.Actors.Connections;

/// <summary>
/// The broker's side of one client connection, on the channel's event loop: no actor, no lock. The files beside this one
/// hold one verb each; what depends on whether the session outlives the connection is in <see cref="ConnectionSession"/>.
/// </summary>
internal sealed partial class ClientConnection : IMqttChannelHandler
{
    private enum Phase
    {
        /// <summary>Only CONNECT is taken.</summary>
        AwaitingConnect,

        /// <summary>CONNECT named an authentication method: only AUTH and DISCONNECT are taken [MQTT-3.1.2-30].</summary>
        Authenticating,

        /// <summary>CONNECT has been read; authentication or the session's entity is asked.</summary>
        Connecting,

        /// <summary>CONNACK has been sent.</summary>
        Connected,

        /// <summary>We have said our last word; what still arrives is dropped.</summary>
        Closing,

        /// <summary>The channel is gone.</summary>
        Closed,
    }

    private readonly BrokerContext _context;
    private readonly IMqttChannel _channel;
    private Phase _phase = Phase.AwaitingConnect;
    private HoldReasons _holds;
    private ConnectionSession? _session;
    private long _lastActivity;
    private long _countedReceived;
    private long _countedSent;
    private string _shownClientId = "";

    public ClientConnection(BrokerContext context, IMqttChannel channel)
    {
        _context = context;
        _channel = channel;
        Loop = context.Loops.For(channel.EventLoop);
        Number = context.Directory.NextNumber();
        _lastActivity = Loop.Tick;
        context.Directory.Add(this);
        Loop.Connections.Add(this);
        if (context.Traces.IsOn)
        {
            TraceOpened();
        }
    }

    /// <summary>No other connection, of any node, has it. It stays from CONNACK on.</summary>
    public long Number { get; private set; }

    public EventLoopContext Loop { get; }

    /// <summary>Index in <see cref="LoopConnections"/>.</summary>
    public int LoopSlot { get; set; }

    /// <summary>Whether it waits for the flush at the end of the round.</summary>
    public bool IsTouched { get; set; }

    /// <summary>Empty until CONNECT.</summary>
    public string ClientId { get; private set; } = "";

    public EndPoint RemoteAddress => _channel.RemoteAddress;

    /// <summary>Whether its session outlives it. Any thread.</summary>
    public bool IsDurable => _session is DurableSession;

    /// <summary>Any thread.</summary>
    public bool IsConnected => _phase == Phase.Connected;

    /// <summary>Why it is not read from. Any thread.</summary>
    internal HoldReasons Holds => _holds;

    /// <summary>The broker does not read from it for a reason of its own, so that its silence says nothing.</summary>
    private bool IsHeldByBroker => (_holds & ~HoldReasons.Unread) != HoldReasons.None;

    internal ProtocolVersion Version => _channel.Version;

    internal BrokerContext Context => _context;

    private bool IsVersion5 => _channel.Version == ProtocolVersion.V5;

    /// <inheritdoc/>
    public void OnPacket(Packet packet)
    {
        Loop.Counters.PacketsReceived++;
        if (_traces is not null)
        {
            TraceReceived(packet);
        }

        switch (_phase)
        {
            case Phase.Connected:
                OnPacketConnected(packet);
                break;
            case Phase.AwaitingConnect:
                OnConnect((ConnectPacket)packet);
                break;
            case Phase.Authenticating:
                OnPacketAuthenticating(packet);
                break;
        }
    }

    /// <inheritdoc/>
    public void OnReadComplete()
    {
        var received = _channel.BytesReceived - _countedReceived;
        Loop.Counters.BytesReceived += received;
        _countedReceived = _channel.BytesReceived;

        // Not before CONNECT: what trickles in does not extend its time.
        if (_phase == Phase.Connected)
        {
            if (_rate is { } rate)
            {
                CountBytes(rate, received);
            }

            _lastActivity = Loop.Tick;
            Loop.OnRead(_lastActivity);
            HoldWhileUnread();
        }
    }

    /// <inheritdoc/>
    public void OnMalformed(MqttProtocolException problem)
    {
        if (_phase is Phase.AwaitingConnect or Phase.Authenticating or Phase.Connecting)
        {
            Refuse(new Refusal(problem.ReasonCode, problem.Message));
        }
        else
        {
            Disconnect(problem.ReasonCode, problem.Message);
        }
    }

    /// <inheritdoc/>
    public void OnWritable()
    {
        PumpWaiting();
        Release(HoldReasons.Unread);
    }

    public void Flush()
    {
        _channel.Flush();
        Loop.Counters.BytesSent += _channel.BytesSent - _countedSent;
        _countedSent = _channel.BytesSent;
    }

    /// <summary>A message from an actor.</summary>
    public void Handle(object command)
    {
        if (_phase is Phase.Closing or Phase.Closed)
        {
            HandleAfterClose(command);
            return;
        }

        if (command is ConnectionRegistry.ToConnection marked)
        {
            if (_session is null || !_session.Accepts(marked.Mark))
            {
                return;
            }

            command = marked.Command;
        }

        switch (command)
        {
            case ConnectionProtocol.PublishCompleted:
                AcknowledgeCompleted();
                break;
            case ConnectionProtocol.LinkDrained:
                ReleaseFromLink();
                break;
            case ConnectionProtocol.RatePaid:
                OnRatePaid();
                break;
            case ConnectionProtocol.SessionBound bound:
                OnSessionBound(bound);
                break;
            case ConnectionProtocol.SessionRefused refused:
                Refuse(new Refusal(refused.ReasonCode, refused.Reason));
                break;
            case ConnectionProtocol.AuthenticationAnswered answered:
                OnAnswered(answered.Exchange, answered.Step);
                break;
            case ConnectionProtocol.Renumber renumber:
                OnRenumber(renumber);
                break;
            case ConnectionProtocol.Reask:
                OnReask();
                break;
            case ConnectionProtocol.Disconnect disconnect:
                Disconnect(disconnect.ReasonCode, disconnect.Reason);
                break;
            default:
                _session?.Handle(command);
                break;
        }
    }

    /// <summary>Reads no further while any reason holds; TCP passes it on to the client.</summary>
    internal void Hold(HoldReasons reason)
    {
        if (_traces is not null && (_holds & reason) == 0)
        {
            TraceHold(TraceEvents.Held, reason);
        }

        _holds |= reason;
        _channel.PauseReading();
    }

    /// <summary>After something of it has joined what waits for the database.</summary>
    internal void HoldForStore()
    {
        if (_context.StoreBacklog.IsFull)
        {
            Hold(Loop.Connections.ForStore);
        }

        if (_context.Disk is { IsLow: true })
        {
            Hold(Loop.Connections.ForDisk);
        }
    }

    internal void Release(HoldReasons reason)
    {
        if ((_holds & reason) == 0)
        {
            return;
        }

        if (_traces is not null)
        {
            TraceHold(TraceEvents.Released, reason);
        }

        var wasHeldByBroker = IsHeldByBroker;
        _holds &= ~reason;
        if (_phase is not (Phase.Connected or Phase.AwaitingConnect or Phase.Authenticating))
        {
            return;
        }

        if (wasHeldByBroker && !IsHeldByBroker)
        {
            // What the client does not read may hold it on; the time in which we did not read is not its silence.
            _lastActivity = Loop.Tick;
        }

        if (_holds == HoldReasons.None)
        {
            _lastActivity = Loop.Tick;
            _channel.ResumeReading();
        }
    }

    /// <summary>
    /// Deliveries wait in queues that have bounds; answers do not. Who asks on and reads no answer is read from again when it has read: TCP holds it meanwhile. One delivery
    /// may be as large as a packet may be, and is no answer.
    /// </summary>
    private void HoldWhileUnread()
    {
        if (!_channel.IsWritable && _channel.PendingBytes > (long)_context.Limits.MaxOutboundBuffer + _context.Limits.MaxPacketSize)
        {
            Hold(HoldReasons.Unread);
        }
    }

    private void Hold(HeldConnections held)
    {
        if ((_holds & held.Reason) == 0)
        {
            Hold(held.Reason);
            held.Add(this);
        }
    }

    private void OnPacketConnected(Packet packet)
    {
        switch (packet)
        {
            case PublishPacket publish:
                OnPublish(publish);
                break;
            case PubRelPacket release:
                OnRelease(release);
                break;
            case AcknowledgementPacket acknowledgement:
                _session!.OnAcknowledgement(acknowledgement.Type, acknowledgement.PacketId, acknowledgement.ReasonCode);
                break;
            case PingReqPacket:
                Write(PingRespPacket.Instance);
                break;
            case SubscribePacket subscribe:
                OnSubscribe(subscribe);
                break;
            case UnsubscribePacket unsubscribe:
                OnUnsubscribe(unsubscribe);
                break;
            case DisconnectPacket disconnect:
                OnDisconnect(disconnect);
                break;
            case AuthPacket auth:
                OnAuth(auth);
                break;
            default:
                Disconnect(ReasonCode.ProtocolError, $"{packet.Type} on an open connection");
                break;
        }
    }
}
