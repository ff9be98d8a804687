using System.Net;
using Broker.Protocol.Packets;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Connections;

internal static partial class ConnectionLog
{
    [LoggerMessage(LogLevel.Information, "Connected {ClientId} from {Address} on {Listener}: {Version}, user {UserName}, keep alive {KeepAlive} s, session present {SessionPresent}, session expiry {SessionExpiry}")]
    public static partial void Connected(
        ILogger logger, string clientId, EndPoint address, string listener, ProtocolVersion version, string userName, int keepAlive, bool sessionPresent, TimeSpan sessionExpiry);

    [LoggerMessage(LogLevel.Information, "Disconnected {ClientId} from {Address}: {Reason}")]
    public static partial void Disconnected(ILogger logger, string clientId, EndPoint address, string reason);

    [LoggerMessage(LogLevel.Error, "A fault of the broker ends the connection of {ClientId} from {Address}. Please report it.")]
    public static partial void Failed(ILogger logger, string clientId, EndPoint address, Exception fault);

    [LoggerMessage("Refused {ClientId} from {Address} on {Listener}: {ReasonCode}: {Reason}")]
    public static partial void Refused(ILogger logger, LogLevel level, string clientId, EndPoint address, string listener, ReasonCode reasonCode, string reason);

    [LoggerMessage("Refused a client without a client id from {Address} on {Listener}: {ReasonCode}: {Reason}")]
    public static partial void RefusedUnnamed(ILogger logger, LogLevel level, EndPoint address, string listener, ReasonCode reasonCode, string reason);

    [LoggerMessage(LogLevel.Debug, "Closed before CONNECT: {Address} on {Listener}: {Reason}")]
    public static partial void ClosedBeforeConnect(ILogger logger, EndPoint address, string listener, string reason);

    [LoggerMessage(LogLevel.Warning, "Publish by {ClientId} from {Address} refused: {ReasonCode}: {Problem}")]
    public static partial void PublishRefused(ILogger logger, string clientId, EndPoint address, ReasonCode reasonCode, string problem);

    [LoggerMessage(LogLevel.Warning, "Subscription of {ClientId} from {Address} to {Filter} refused: {ReasonCode}: {Problem}")]
    public static partial void SubscribeRefused(
        ILogger logger, string clientId, EndPoint address, string filter, ReasonCode reasonCode, string problem);

    [LoggerMessage(LogLevel.Information, "{ClientId} from {Address} sends more than mqtt.limits.max-message-rate or max-byte-rate allow, and is read from more slowly")]
    public static partial void HeldForRate(ILogger logger, string clientId, EndPoint address);

    [LoggerMessage(LogLevel.Warning, "{Address} is banned for {Time}: {Count} failed authentications within {Window} (mqtt.bans.bad-logins)")]
    public static partial void AddressBanned(ILogger logger, EndPoint address, TimeSpan time, int count, TimeSpan window);

    [LoggerMessage(LogLevel.Warning, "The client id {ClientId}, last from {Address}, is banned for {Time}: {Count} connects within {Window} (mqtt.bans.connects)")]
    public static partial void ClientIdBanned(ILogger logger, string clientId, EndPoint address, TimeSpan time, int count, TimeSpan window);

    [LoggerMessage(LogLevel.Debug, "Not sent to {ClientId}: the message on {Topic} with {Bytes} bytes is over its Maximum Packet Size of {Maximum}")]
    public static partial void TooLargeForClient(ILogger logger, string clientId, string topic, int bytes, uint maximum);
}
