using System.Net;
using System.Net.Sockets;
using Broker.Protocol.Transport.Epoll;
using Broker.Protocol.Transport.Proxy;
using Broker.Protocol.Transport.Tls;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;

namespace Broker.Protocol.Transport.Channels;

/// <summary>
/// Makes a channel of an accepted socket and gives it to an event loop. The pipeline is built from the socket upwards; a
/// PROXY header, which comes before TLS, goes in front and calls <see cref="AddProtocol"/> when it is done.
/// </summary>
internal sealed class ConnectionSetup(
    ListenerContext listener, CertificateWatcher? certificates, IEventLoopGroup eventLoops, OpenConnections connections)
{
    private readonly HandshakeLimit _handshakes = new(listener.Options.Tls?.MaxHandshakes ?? 0);
    private readonly ProxyGate? _proxies = ProxyGate.For(listener.Options);

    /// <summary>Begins to watch the certificate files where there are any.</summary>
    public void Start() => certificates?.Start();

    /// <summary>Connections that are open are not touched.</summary>
    public void Stop() => certificates?.Dispose();

    public void Connect(Socket socket)
    {
        MqttSocketChannel channel;
        try
        {
            channel = new MqttSocketChannel(socket, connections);
            if (!listener.Options.TcpNoDelay)
            {
                // DotNetty turns it on, whatever the socket has inherited from the one that listens.
                ((ISocketChannelConfiguration)channel.Configuration).TcpNoDelay = false;
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or ChannelException)
        {
            // Gone before it was served.
            socket.Dispose();
            return;
        }

        Serve(channel);
    }

    /// <summary>Owns the descriptor from now on.</summary>
    public void Connect(int descriptor, EndPoint remote, EndPoint local) =>
        Serve(new EpollChannel(descriptor, remote, local, connections));

    private void Serve(IClientChannel channel)
    {
        connections.Add(channel);
        try
        {
            Configure(channel.Configuration, listener.Options);
            if (_proxies is not null)
            {
                channel.Pipeline.AddLast(new ProxyHeaderHandler(channel, listener, _proxies, GoOn));
            }
            else if (IsAdmitted(channel))
            {
                AddProtocol(channel);
            }
            else
            {
                channel.Unsafe.CloseForcibly();
                return;
            }
        }
        catch (Exception exception)
        {
            // That of one connection, whatever it was.
            TransportLog.HandlerFailed(listener.Logger, listener.Options.Name, channel.ClientAddress, exception);
            channel.Unsafe.CloseForcibly();
            return;
        }

        eventLoops.RegisterAsync(channel);
    }

    // Behind a PROXY header.
    private void GoOn(IClientChannel channel)
    {
        if (IsAdmitted(channel))
        {
            AddProtocol(channel);
        }
        else
        {
            channel.CloseAsync();
        }
    }

    private bool IsAdmitted(IClientChannel channel) =>
        connections.Addresses is not { } addresses || addresses.TryEnter(channel, channel.ClientAddress, listener.Options.Name);

    private void AddProtocol(IClientChannel channel)
    {
        if (certificates is null)
        {
            channel.Pipeline.AddLast(new DotNettyMqttChannel(channel, listener, null));
        }
        else
        {
            TlsHandshakeHandler.AddTo(channel, listener, certificates.Current, _handshakes);
        }
    }

    /// <summary>What holds for every kind of channel.</summary>
    public static void Configure(IChannelConfiguration configuration, ListenerOptions options)
    {
        configuration.Allocator = RecyclingAllocator.Instance;
        configuration.RecvByteBufAllocator = ReadBufferAllocator.Instance;
        configuration.WriteBufferHighWaterMark = options.WriteHighWaterMark;

        // DotNetty tells of "at most the low mark", the contract is "less than".
        configuration.WriteBufferLowWaterMark = Math.Max(options.WriteLowWaterMark - 1, 0);
    }
}
