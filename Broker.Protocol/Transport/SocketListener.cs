using System.Net;
using System.Net.Sockets;
using Broker.Protocol.Transport.Channels;

namespace Broker.Protocol.Transport;

/// <summary>TCP, with TLS or without.</summary>
internal sealed class SocketListener : MqttListener
{
    private readonly Socket _socket;
    private readonly ConnectionSetup _setup;
    private readonly IAcceptor _acceptor;

    public SocketListener(ListenerOptions options, Socket socket, ConnectionSetup setup, IAcceptor acceptor)
        : base(options, socket.LocalEndPoint!)
    {
        _socket = socket;
        _setup = setup;
        _acceptor = acceptor;
    }

    /// <summary>Binds, so that the address is known and taken; connections are refused until <see cref="StartAsync"/>.</summary>
    public static async Task<Socket> BindAsync(ListenerOptions options, CancellationToken cancellation)
    {
        Socket? socket = null;
        try
        {
            IPAddress address = await Addresses.ResolveAsync(options.Host, cancellation).ConfigureAwait(false);
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            Configure(socket, options);
            socket.Bind(new IPEndPoint(address, options.Port));
            return socket;
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            socket?.Dispose();
            throw BindFailure.Explain(options, exception);
        }
    }

    // Connections inherit it from the socket that listens.
    private static void Configure(Socket socket, ListenerOptions options)
    {
        socket.NoDelay = options.TcpNoDelay;
        if (options.TcpKeepAlive)
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        }

        if (options.ReceiveBuffer > 0)
        {
            socket.ReceiveBufferSize = options.ReceiveBuffer;
        }

        if (options.SendBuffer > 0)
        {
            socket.SendBufferSize = options.SendBuffer;
        }
    }

    internal override Task StartAsync()
    {
        try
        {
            _socket.Listen(Options.Backlog);
        }
        catch (SocketException exception)
        {
            throw BindFailure.Explain(Options, exception);
        }

        _setup.Start();
        _acceptor.Start();
        return Task.CompletedTask;
    }

    internal override async Task StopAsync()
    {
        await _acceptor.StopAsync().ConfigureAwait(false);
        _setup.Stop();
    }
}
