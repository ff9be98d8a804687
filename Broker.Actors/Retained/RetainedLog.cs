using Microsoft.Extensions.Logging;

namespace Broker.Actors.Retained;

internal static partial class RetainedLog
{
    [LoggerMessage(LogLevel.Warning, "Retained message on {Topic} refused: {Count} messages, {Bytes} bytes are kept already (mqtt.limits.max-retained-messages, max-retained-bytes).")]
    public static partial void Full(ILogger logger, string topic, int count, long bytes);

    [LoggerMessage(LogLevel.Error, "Retained message on {Topic} was not saved: {Problem}")]
    public static partial void NotSaved(ILogger logger, string topic, string problem);

    [LoggerMessage(LogLevel.Error, "A retained message is left out: {Problem}")]
    public static partial void NotLoaded(ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning, "Retained messages of partition {Partition} cannot be read, which is tried again: {Problem}")]
    public static partial void NotRead(ILogger logger, int partition, string problem);
}
