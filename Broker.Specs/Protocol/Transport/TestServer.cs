using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Broker.Protocol.Transport;

namespace Broker.Specs.Protocol.Transport;

/// <summary>A transport with one listener on loopback, whose connections are recorded.</summary>
internal sealed class TestServer : IMqttChannelHandlerFactory, IAsyncDisposable
{
    public static readonly ListenerOptions Tcp =
        new() { Name = "tcp", Type = ListenerType.Tcp, Enabled = true, Host = "127.0.0.1" };

    private readonly BlockingCollection<RecordingHandler> _connections = [];
    private readonly List<Socket> _clients = [];
    private MqttTransport? _transport;

    public RecordingLoggers Loggers { get; } = new();

    public MqttTransport Transport => _transport!;

    public IPEndPoint Address => (IPEndPoint)Transport.Listeners[0].Address;

    /// <summary>What is done with a new connection's handler before the channel has it; null refuses.</summary>
    public Func<RecordingHandler, RecordingHandler?> Prepare { get; set; } = handler => handler;

    public static async Task<TestServer> StartAsync(
        ListenerOptions? listener = null, TimeProvider? time = null, TransportKind transport = TransportKind.Auto, int eventLoops = 1, int maxConnections = 0,
        TimeSpan? connectTimeout = null, int connectionsPerAddress = 0)
    {
        var server = new TestServer();
        server._transport = await MqttTransport.BindAsync(
            [listener ?? Tcp],
            new TransportOptions
            {
                Transport = transport,
                EventLoops = eventLoops,
                MaxConnections = maxConnections,
                MaxConnectionsPerAddress = connectionsPerAddress,
                ConnectTimeout = connectTimeout ?? TimeSpan.FromSeconds(10),
            },
            server,
            server.Loggers,
            time ?? TimeProvider.System);
        await server._transport.StartAcceptingAsync();
        return server;
    }

    public IMqttChannelHandler? Create(IMqttChannel channel)
    {
        RecordingHandler? handler = Prepare(new RecordingHandler(channel));
        if (handler is not null)
        {
            _connections.Add(handler);
        }

        return handler;
    }

    /// <summary>The handler of the next connection.</summary>
    public RecordingHandler NextConnection()
    {
        _connections.TryTake(out RecordingHandler? handler, RecordingHandler.Patience).Should().BeTrue("a connection should have come");
        return handler!;
    }

    public bool HasConnection => _connections.Count > 0;

    public Socket ConnectSocket(int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } size)
        {
            socket.ReceiveBufferSize = size;
        }

        socket.ReceiveTimeout = socket.SendTimeout = (int)RecordingHandler.Patience.TotalMilliseconds;
        _clients.Add(socket);
        socket.Connect(Address);
        return socket;
    }

    public (Socket Client, RecordingHandler Server) Connect(int? receiveBuffer = null)
    {
        Socket socket = ConnectSocket(receiveBuffer);
        return (socket, NextConnection());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Socket client in _clients)
        {
            client.Dispose();
        }

        await Transport.DisposeAsync();
        _connections.Dispose();
    }
}
