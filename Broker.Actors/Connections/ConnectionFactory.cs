using Broker.Protocol.Transport;

namespace Broker.Actors.Connections;

/// <summary>Makes a <see cref="ClientConnection"/> of each channel.</summary>
internal sealed class ConnectionFactory : IMqttChannelHandlerFactory
{
    /// <summary>Set once the node has its parts, before a listener accepts.</summary>
    public BrokerContext? Context { get; set; }

    /// <inheritdoc/>
    public IMqttChannelHandler? Create(IMqttChannel channel) => Context is null ? null : new ClientConnection(Context, channel);
}
