using System.Net.Sockets;
using Broker.Protocol.Transport.Tls;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;

namespace Broker.Protocol.Transport.Channels;

/// <summary>
/// Makes a channel of an accepted socket and gives it to an event loop. The pipeline is built from the socket upwards; what
/// comes before TLS, such as a PROXY header, goes in front and calls <see cref="AddProtocol"/> when it is done.
/// </summary>
internal sealed class ConnectionSetup(
    ListenerContext listener, CertificateWatcher? certificates, IEventLoopGroup eventLoops, IByteBufferAllocator allocator, OpenConnections connections)
{
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
            Configure(channel);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or ChannelException)
        {
            // Gone before it was served.
            socket.Dispose();
            return;
        }

        connections.Add(channel);
        AddProtocol(channel);
        eventLoops.RegisterAsync(channel);
    }

    private void AddProtocol(MqttSocketChannel channel)
    {
        if (certificates is null)
        {
            channel.Pipeline.AddLast(new DotNettyMqttChannel(channel, listener, null));
        }
        else
        {
            TlsHandshakeHandler.AddTo(channel, listener, certificates.Current);
        }
    }

    private void Configure(MqttSocketChannel channel)
    {
        ListenerOptions options = listener.Options;
        var configuration = (ISocketChannelConfiguration)channel.Configuration;
        configuration.Allocator = allocator;
        configuration.RecvByteBufAllocator = ReadBufferAllocator.Instance;
        configuration.WriteBufferHighWaterMark = options.WriteHighWaterMark;

        // DotNetty tells of "at most the low mark", the contract is "less than".
        configuration.WriteBufferLowWaterMark = Math.Max(options.WriteLowWaterMark - 1, 0);
        if (!options.TcpNoDelay)
        {
            configuration.TcpNoDelay = false;
        }

        if (options.TcpKeepAlive)
        {
            configuration.KeepAlive = true;
        }

        if (options.ReceiveBuffer > 0)
        {
            configuration.ReceiveBufferSize = options.ReceiveBuffer;
        }

        if (options.SendBuffer > 0)
        {
            configuration.SendBufferSize = options.SendBuffer;
        }
    }
}
