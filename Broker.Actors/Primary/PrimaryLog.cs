using Microsoft.Extensions.Logging;

namespace Broker.Actors.Primary;

internal static partial class PrimaryLog
{
    [LoggerMessage(LogLevel.Warning, "Wills and session expiries that are due cannot be looked for: {Problem}")]
    public static partial void CannotLook(ILogger logger, string problem);

    [LoggerMessage(LogLevel.Information, "This node is the primary, term {Term}")]
    public static partial void Taken(ILogger logger, long term);

    [LoggerMessage(LogLevel.Information, "{Count} connections of nodes that are gone count as closed from now on")]
    public static partial void Stamped(ILogger logger, int count);
}
