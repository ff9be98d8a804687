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

    [LoggerMessage(LogLevel.Warning, "The client {ClientId} is disconnected, because its connection cannot go on with the session's new home: {Problem}")]
    public static partial void NotAdopted(ILogger logger, string clientId, string problem);

    [LoggerMessage(LogLevel.Error, "The subscriptions of {ClientId} cannot be changed: its journal ({PersistenceId}) can be neither read nor written")]
    public static partial void JournalFailed(ILogger logger, string clientId, string persistenceId);

    [LoggerMessage(LogLevel.Information, "The subscriptions of {ClientId} follow its journal again, after a change that was interrupted: {Removed} removed, {Restored} restored")]
    public static partial void Reconciled(ILogger logger, string clientId, int removed, int restored);

    [LoggerMessage(LogLevel.Warning, "The database does not answer: the first durable sessions may have to wait")]
    public static partial void NotWarm(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "The will of {ClientId} is not published: the client may not publish to {Topic} any more (mqtt.security.authorization)")]
    public static partial void WillDenied(ILogger logger, string clientId, string topic);

    [LoggerMessage(LogLevel.Error, "The will of {ClientId} is lost: {Problem}")]
    public static partial void WillLost(ILogger logger, string clientId, string problem);
}
