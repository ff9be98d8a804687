using Microsoft.Extensions.Logging;

namespace Broker.Actors.Sessions;

internal static partial class SessionLog
{
    [LoggerMessage(LogLevel.Warning, "The queue of {ClientId} is full ({Messages} messages, {Bytes} bytes; mqtt.limits.max-queued-messages, max-queued-bytes): new messages are refused")]
    public static partial void QueueFull(ILogger logger, string clientId, int messages, long bytes);

    [LoggerMessage(LogLevel.Error, "The session of {ClientId} could not be stored, and starts again from what is: {Problem}")]
    public static partial void NotCommitted(ILogger logger, string clientId, string problem);
}
