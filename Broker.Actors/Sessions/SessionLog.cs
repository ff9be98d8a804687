using Microsoft.Extensions.Logging;

namespace Broker.Actors.Sessions;

internal static partial class SessionLog
{
    [LoggerMessage(LogLevel.Warning, "The queue of {ClientId} is full ({Messages} messages, {Bytes} bytes; mqtt.limits.max-queued-messages, max-queued-bytes): new messages are refused")]
    public static partial void QueueFull(ILogger logger, string clientId, long messages, long bytes);

    [LoggerMessage(LogLevel.Error, "The session of {ClientId} cannot be loaded: {Problem}")]
    public static partial void NotLoaded(ILogger logger, string clientId, string problem);

    [LoggerMessage(LogLevel.Error, "The session of {ClientId} starts again from the database, its client is disconnected: {Problem}")]
    public static partial void Restarted(ILogger logger, string clientId, string problem);

    [LoggerMessage(LogLevel.Error, "The will of {ClientId} is lost: {Problem}")]
    public static partial void WillLost(ILogger logger, string clientId, string problem);
}
