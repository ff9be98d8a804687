using System.Net;
using System.Net.Sockets;
using Broker.Protocol.Transport.Channels;
using Broker.Protocol.Transport.Limits;
using Broker.Protocol.Transport.Proxy;
using Broker.Protocol.Transport.Tls;
using DotNetty.Transport.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Broker.Protocol.Transport.WebSockets;

/// <summary>
/// MQTT over WebSocket (section 6): Kestrel does HTTP and TLS, and hands over the WebSockets at <see cref="Path"/> with the subprotocol <c>mqtt</c>. Each then
/// lives on an event loop like any other connection.
/// </summary>
internal sealed class WebSocketListener : MqttListener
{
    /// <summary>Where it is served.</summary>
    public const string Path = "/mqtt";

    /// <summary>In the order of preference; clients of MQTT 3.1 offer the second.</summary>
    private static readonly string[] Subprotocols = ["mqtt", "mqttv3.1"];

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(1);

    private readonly ListenerContext _context;
    private readonly Socket _socket;
    private readonly CertificateWatcher? _certificates;
    private readonly IEventLoopGroup _eventLoops;
    private readonly OpenConnections _connections;
    private readonly WebApplication _application;
    private volatile bool _isStopped;

    public WebSocketListener(
        ListenerContext context,
        Socket socket,
        CertificateWatcher? certificates,
        IEventLoopGroup eventLoops,
        OpenConnections connections,
        ILoggerFactory loggers,
        int maxConnections)
        : base(context.Options, socket.LocalEndPoint!)
    {
        (_context, _socket, _certificates) = (context, socket, certificates);
        (_eventLoops, _connections) = (eventLoops, connections);
        _application = Build(new HandshakeLoggers(loggers, context), maxConnections);
    }

    internal override async Task StartAsync()
    {
        try
        {
            await _application.StartAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            throw BindFailure.Explain(Options, exception.GetBaseException());
        }

        _certificates?.Start();
    }

    internal override Task StopAsync()
    {
        // Kestrel accepts nothing more, and lets the connections be; those that have not become WebSockets by now do not.
        _isStopped = true;
        _socket.Dispose();
        _certificates?.Dispose();
        return Task.CompletedTask;
    }

    internal override async Task EndAsync()
    {
        using var timeout = new CancellationTokenSource(EndTimeout);
        await _application.StopAsync(timeout.Token).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }

    private WebApplication Build(HandshakeLoggers loggers, int maxConnections)
    {
        // Empty: ASPNETCORE_URLS and appsettings.json have no say here.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Broker.Node" });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.CreateBoundListenSocket = _ => _socket;
            sockets.Backlog = Options.Backlog;
            sockets.NoDelay = Options.TcpNoDelay;
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.RequestHeadersTimeout = RequestTimeout;
            kestrel.Limits.KeepAliveTimeout = RequestTimeout;

            // Of those that are not WebSockets: Kestrel counts one no more once it is.
            kestrel.Limits.MaxConcurrentConnections = maxConnections > 0 ? maxConnections : null;

            // A client that reads slowly is the broker's business, as on TCP.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(Address, listen => Serve(listen, loggers));
        });
        builder.Services.AddSingleton<ILoggerFactory>(loggers);
        if (AcceptRate.For(Options, _context.Time) is { } rate)
        {
            // Kestrel asks the one that was added last.
            builder.Services.AddSingleton<IConnectionListenerFactory>(
                services => new PacedSockets(ActivatorUtilities.CreateInstance<SocketTransportFactory>(services), rate, _context.Time));
        }

        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        WebApplication application = builder.Build();

        // MQTT has a keep alive of its own.
        application.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        application.Run(AnswerAsync);
        return application;
    }

    private void Serve(Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions listen, HandshakeLoggers loggers)
    {
        listen.Protocols = HttpProtocols.Http1;
        if (ProxyGate.For(Options) is { } proxies)
        {
            listen.Use(next => new ProxyHeaderMiddleware(_context, proxies, next).InvokeAsync);
        }

        if (_connections.Addresses is { } addresses)
        {
            listen.Use(next => connection => ServeCountedAsync(addresses, connection, next));
        }

        if (_certificates is { } certificates)
        {
            listen.Use(next => async connection =>
            {
                loggers.Client = connection.RemoteEndPoint;
                await next(connection).ConfigureAwait(false);
            });
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(certificates.Current.CreateOptions()),
                HandshakeTimeout = Options.Tls!.HandshakeTimeout,
            });
        }
    }

    private async Task ServeCountedAsync(AddressLimit addresses, ConnectionContext connection, ConnectionDelegate next)
    {
        if (!addresses.TryEnter(connection, Addresses.Unmapped(connection.RemoteEndPoint), Options.Name))
        {
            return;
        }

        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            addresses.Leave(connection);
        }
    }

    private async Task AnswerAsync(HttpContext http)
    {
        string? subprotocol = Subprotocols.FirstOrDefault(http.WebSockets.WebSocketRequestedProtocols.Contains);
        if (_isStopped)
        {
            await RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, "This broker takes no more connections.").ConfigureAwait(false);
        }
        else if (http.Request.Path != Path)
        {
            await RefuseAsync(http, StatusCodes.Status404NotFound, $"MQTT is served at {Path}.").ConfigureAwait(false);
        }
        else if (!http.WebSockets.IsWebSocketRequest)
        {
            await RefuseAsync(http, StatusCodes.Status426UpgradeRequired, "This is MQTT over WebSocket: open a WebSocket.").ConfigureAwait(false);
        }
        else if (subprotocol is null)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, "Offer the WebSocket subprotocol mqtt [MQTT-6.0.0-3].").ConfigureAwait(false);
        }
        else
        {
            using var socket = await http.WebSockets.AcceptWebSocketAsync(subprotocol).ConfigureAwait(false);
            await Connect(http, new WebSocketChannel(socket, Address, Remote(http), _connections)).ConfigureAwait(false);
        }
    }

    private Task Connect(HttpContext http, WebSocketChannel channel)
    {
        ConnectionSetup.Configure(channel.Configuration, Options);
        _connections.Add(channel);
        if (_isStopped)
        {
            // Whoever closes the connections may have looked already.
            channel.Unsafe.CloseForcibly();
            return channel.Ended;
        }

        channel.Pipeline.AddLast(new DotNettyMqttChannel(channel, _context, tls: null, http.Connection.ClientCertificate));
        _eventLoops.RegisterAsync(channel);
        return channel.Ended;
    }

    private static EndPoint Remote(HttpContext http) =>
        http.Features.Get<ProxiedClient>()?.Address ?? new IPEndPoint(http.Connection.RemoteIpAddress ?? IPAddress.None, http.Connection.RemotePort);

    private static Task RefuseAsync(HttpContext http, int status, string reason)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        if (status == StatusCodes.Status426UpgradeRequired)
        {
            http.Response.Headers.Upgrade = "websocket";
        }

        return http.Response.WriteAsync(reason + "\n");
    }

    /// <summary>Signals are the node's business.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
