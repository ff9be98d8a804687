using Microsoft.Extensions.Logging;

namespace Broker.Actors.Storage.Sql;

/// <summary>What the store logs.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(1, LogLevel.Error, "{Database} does not take writes; what needs them is held: {Reason}")]
    public static partial void Down(ILogger logger, string database, string reason);

    [LoggerMessage(2, LogLevel.Information, "{Database} takes writes again, after {Seconds} s")]
    public static partial void Up(ILogger logger, string database, long seconds);

    [LoggerMessage(3, LogLevel.Error, "The database refuses a write, {Write}: {Reason}")]
    public static partial void Refused(ILogger logger, string write, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Removing old rows failed and is tried again later: {Reason}")]
    public static partial void MaintenanceFailed(ILogger logger, string reason);

    [LoggerMessage(5, LogLevel.Warning, "{Database} is not there yet, the start waits for it: {Reason}")]
    public static partial void Waiting(ILogger logger, string database, string reason);

    [LoggerMessage(6, LogLevel.Information, "{Database}: tables of version {Version}, created or migrated from {Found}")]
    public static partial void Migrated(ILogger logger, string database, int version, int found);
}
