using Microsoft.Extensions.Logging;

namespace Broker.Node.Azure;

internal static partial class MaintenanceLog
{
    [LoggerMessage(LogLevel.Information, "Scheduled Events of the machine {Machine} are listened to")]
    public static partial void Listening(ILogger logger, string machine);

    [LoggerMessage(LogLevel.Warning, "The instance metadata service does not answer: {Problem}. Maintenance of this machine will not be noticed before (mqtt.azure.scheduled-events)")]
    public static partial void Unreachable(ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning, "{EventType} of this machine in {Available}: the node leaves ({EventId}: {Description})")]
    public static partial void Leaving(ILogger logger, string eventType, TimeSpan available, string eventId, string description);

    [LoggerMessage(LogLevel.Warning, "{EventType} of this machine in {Available}: no new clients until it is over ({EventId}: {Description})")]
    public static partial void TurningAway(ILogger logger, string eventType, TimeSpan available, string eventId, string description);

    [LoggerMessage(LogLevel.Information, "The machine's event is over: new clients are welcome")]
    public static partial void Over(ILogger logger);

    [LoggerMessage(LogLevel.Information, "Event {EventId} may begin")]
    public static partial void Approved(ILogger logger, string eventId);

    [LoggerMessage(LogLevel.Warning, "Event {EventId} could not be approved and begins at its time: {Problem}")]
    public static partial void NotApproved(ILogger logger, string eventId, string problem);
}
