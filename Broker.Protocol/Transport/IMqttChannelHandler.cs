using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Transport;

/// <summary>What a connection does with its packets. All calls come on the channel's event loop.</summary>
public interface IMqttChannelHandler
{
    /// <summary>
    /// One call for each packet, in order. After <see cref="IMqttChannel.PauseReading"/> within a call, no further packet of
    /// the same read comes before <see cref="IMqttChannel.ResumeReading"/>. A packet that <see cref="Packet.IsLent"/> is the handler's only until it returns.
    /// </summary>
    void OnPacket(Packet packet);

    /// <summary>The packets of one read have been handled: the place to flush.</summary>
    void OnReadComplete();

    /// <summary>The client sent what cannot be decoded. Nothing more is read; the handler answers and closes.</summary>
    void OnMalformed(MqttProtocolException problem);

    /// <summary>Below the low water mark again.</summary>
    void OnWritable();

    /// <summary>The connection is gone: once, last. Null where it closed cleanly from either side, with nothing on its way to the client.</summary>
    void OnClosed(Exception? cause);
}

/// <summary>Makes the handler of a new connection, after TLS (and the proxy header) where there is one.</summary>
public interface IMqttChannelHandlerFactory
{
    /// <summary>Called on the channel's event loop. Null refuses the connection, which is closed without a word.</summary>
    IMqttChannelHandler? Create(IMqttChannel channel);
}
