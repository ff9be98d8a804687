using Broker.Protocol.Transport.Limits;
using Microsoft.Extensions.Logging;

namespace Broker.Protocol.Transport.Channels;

/// <summary>What the connections of one listener share.</summary>
internal sealed record ListenerContext(
    ListenerOptions Options,
    int ConnectPacketSize,
    TimeSpan ConnectTimeout,
    IMqttChannelHandlerFactory Handlers,
    ILogger Logger,
    TimeProvider Time,
    TransportRefusals Refusals);
