using Microsoft.Extensions.Logging;

namespace Broker.Actors.Draining;

internal static partial class DrainLog
{
    [LoggerMessage(LogLevel.Information, "This node leaves: it waits until no other node does (mqtt.drain.turn-wait)")]
    public static partial void Waiting(ILogger logger);

    [LoggerMessage(LogLevel.Information, "Not ready any more; clients are moved in {Wait} (mqtt.drain.wait)")]
    public static partial void NotReady(ILogger logger, TimeSpan wait);

    [LoggerMessage(LogLevel.Information, "{Clients} clients are told to use another node, {Rate} a second (mqtt.drain.rate)")]
    public static partial void Moving(ILogger logger, int clients, int rate);
}
