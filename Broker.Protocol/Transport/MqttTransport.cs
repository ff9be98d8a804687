using System.Net.Sockets;
using Broker.Protocol.Transport.Channels;
using Broker.Protocol.Transport.Epoll;
using Broker.Protocol.Transport.Limits;
using Broker.Protocol.Transport.Tls;
using Broker.Protocol.Transport.WebSockets;
using DotNetty.Transport.Channels;
using Microsoft.Extensions.Logging;

namespace Broker.Protocol.Transport;

/// <summary>
/// The event loops of a node and its listeners. First <see cref="BindAsync"/>, which fails early, then
/// <see cref="StartAcceptingAsync"/> once the node can serve.
/// </summary>
public sealed class MqttTransport : IAsyncDisposable
{
    private static readonly TimeSpan CloseTimeout = DotNettyMqttChannel.FlushTimeout + DotNettyMqttChannel.DrainTimeout;
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(2);

    private readonly bool _usesEpoll;
    private readonly MultithreadEventLoopGroup _eventLoops;
    private readonly OpenConnections _connections;
    private readonly List<MqttListener> _listeners = [];
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private Task? _acceptingStopped;
    private Task? _stopped;

    private MqttTransport(TransportOptions options, ILogger logger, TimeProvider time)
    {
        int loops = options.EffectiveEventLoops;
        _usesEpoll = options.EffectiveTransport == TransportKind.Epoll;
        _eventLoops = _usesEpoll
            ? new MultithreadEventLoopGroup(group => new EpollEventLoop(group), loops)
            : new MultithreadEventLoopGroup(loops);
        _connections = new OpenConnections(AddressLimit.For(options.MaxConnectionsPerAddress, logger, Refusals));
        _logger = logger;
        _time = time;
    }

    /// <summary>Where connections live; one loop for every two cores unless configured.</summary>
    public IEventLoopGroup EventLoops => _eventLoops;

    /// <summary>The enabled listeners, in the order configured, with the addresses they are bound to.</summary>
    public IReadOnlyList<MqttListener> Listeners => _listeners;

    /// <summary>Connections that are open now, handshakes included.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Connections that no handler has seen.</summary>
    public TransportRefusals Refusals { get; } = new();

    internal OpenConnections Connections => _connections;

    /// <summary>
    /// Starts the event loops, loads certificates and binds every enabled listener. Connections are refused until
    /// <see cref="StartAcceptingAsync"/>.
    /// </summary>
    /// <exception cref="ListenerException">
    /// An address cannot be bound, a certificate is not usable, or the transport does not work here; nothing stays open.
    /// </exception>
    public static async Task<MqttTransport> BindAsync(
        IReadOnlyList<ListenerOptions> listeners,
        TransportOptions options,
        IMqttChannelHandlerFactory handlers,
        ILoggerFactory loggers,
        TimeProvider time,
        CancellationToken cancellation = default)
    {
        if (options.Transport == TransportKind.Epoll && !TransportOptions.IsEpollSupported)
        {
            throw new ListenerException(
                "mqtt.transport = epoll: that needs Linux on x64 or arm64. Set auto, which picks what works, or sockets.");
        }

        var transport = new MqttTransport(options, loggers.CreateLogger<MqttTransport>(), time);
        try
        {
            foreach (ListenerOptions listener in listeners)
            {
                if (listener.Enabled)
                {
                    var context = new ListenerContext(listener, options.ConnectPacketSize, options.ConnectTimeout, handlers, transport._logger, time, transport.Refusals);
                    await transport.AddAsync(context, options, loggers, cancellation).ConfigureAwait(false);
                }
            }

            return transport;
        }
        catch
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Listens and accepts on every listener.</summary>
    /// <exception cref="ListenerException">Another process took the address since it was bound.</exception>
    public async Task StartAcceptingAsync()
    {
        foreach (MqttListener listener in _listeners)
        {
            await listener.StartAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Closes the listening sockets. Connections stay. Idempotent.</summary>
    public Task StopAcceptingAsync()
    {
        lock (_lock)
        {
            return _acceptingStopped ??= CloseListenersAsync();
        }
    }

    /// <summary>
    /// Closes listeners, then connections (each sends what is in its output first), then the event loops. Takes at most
    /// about ten seconds: a connection that does not close by then is reset. Idempotent.
    /// </summary>
    /// <param name="cancellation">Ends the wait for connections early.</param>
    public Task StopAsync(CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            return _stopped ??= ShutdownAsync(cancellation);
        }
    }

    /// <summary>Drops every connection at once, without a word and without what waits to be sent. The listeners stay. Any thread.</summary>
    public void Abort()
    {
        foreach (IClientChannel channel in _connections.Snapshot())
        {
            DotNettyMqttChannel.Abort(channel);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private async Task AddAsync(ListenerContext context, TransportOptions all, ILoggerFactory loggers, CancellationToken cancellation)
    {
        ListenerOptions options = context.Options;
        CertificateWatcher? certificates = options.Type is ListenerType.Tls or ListenerType.Wss ? CertificateWatcher.Load(context) : null;
        Socket socket = await SocketListener.BindAsync(options, cancellation).ConfigureAwait(false);
        if (options.Type is ListenerType.Ws or ListenerType.Wss)
        {
            _listeners.Add(new WebSocketListener(context, socket, certificates, _eventLoops, _connections, loggers, all.MaxConnections));
            return;
        }

        var setup = new ConnectionSetup(context, certificates, _eventLoops, _connections);
        _listeners.Add(new SocketListener(options, socket, setup, Acceptor(socket, options, setup)));
    }

    private IAcceptor Acceptor(Socket socket, ListenerOptions options, ConnectionSetup setup) =>
        _usesEpoll
            ? new EpollAcceptor(socket, options, (EpollEventLoop)_eventLoops.GetNext(), setup, AcceptRate.For(options, _time), _logger)
            : new SocketAcceptor(socket, options.Name, setup, AcceptRate.For(options, _time), _time, _logger);

    private async Task CloseListenersAsync()
    {
        foreach (MqttListener listener in _listeners)
        {
            await listener.StopAsync().ConfigureAwait(false);
        }
    }

    private async Task ShutdownAsync(CancellationToken cancellation)
    {
        await StopAcceptingAsync().ConfigureAwait(false);
        foreach (IClientChannel channel in _connections.Snapshot())
        {
            Close(channel);
        }

        try
        {
            await _connections.WhenEmpty().WaitAsync(CloseTimeout, _time, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            IClientChannel[] left = _connections.Snapshot();
            TransportLog.Aborted(_logger, left.Length);
            foreach (IClientChannel channel in left)
            {
                DotNettyMqttChannel.Abort(channel);
            }
        }

        foreach (MqttListener listener in _listeners)
        {
            await listener.EndAsync().ConfigureAwait(false);
        }

        await _eventLoops.ShutdownGracefullyAsync(TimeSpan.Zero, ShutdownTimeout).ConfigureAwait(false);
    }

    private static void Close(IClientChannel channel)
    {
        if (channel.Pipeline.Get<DotNettyMqttChannel>() is { } connection)
        {
            connection.Close();
        }
        else
        {
            channel.CloseAsync();
        }
    }
}
