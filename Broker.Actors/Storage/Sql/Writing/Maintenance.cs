using System.Diagnostics;
using Broker.Actors.Storage.Sql.Dialects;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Storage.Sql.Writing;

/// <summary>
/// Removes what nobody needs any more, a little between groups, so that it neither competes with them for the database nor holds them up. The writer's thread only.
/// </summary>
internal sealed class Maintenance(SqlDialect dialect, IReadOnlyList<IMaintenanceTask> tasks, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private long _last = Stopwatch.GetTimestamp();
    private bool _hasMore = true;

    /// <summary>How long nothing is to be done.</summary>
    public TimeSpan Due()
    {
        var pause = (_hasMore ? Pause : Rest) - Stopwatch.GetElapsedTime(_last);
        return pause > TimeSpan.Zero ? pause : TimeSpan.Zero;
    }

    /// <summary>Something was written that leaves work behind.</summary>
    public void Expect() => _hasMore = true;

    /// <summary>Does a little of what is due.</summary>
    public void BetweenGroups(GroupTransaction transaction, bool isIdle)
    {
        if (!isIdle && Stopwatch.GetElapsedTime(_last) < Pause)
        {
            return;
        }

        try
        {
            var hasMore = false;
            foreach (var task in tasks)
            {
                hasMore |= task.Run(transaction);
            }

            hasMore |= transaction.Apart(dialect.Shrink);
            _hasMore = hasMore;
        }
        catch (Exception problem)
        {
            // What is left stays until the next time: the writes come first.
            StoreLog.MaintenanceFailed(logger, problem.Message);
            _hasMore = false;
        }

        // With work left and nothing else to do it goes on at once, as far as Due lets it.
        _last = isIdle && _hasMore ? Stopwatch.GetTimestamp() - (long)(Pause.TotalSeconds * 0.9 * Stopwatch.Frequency) : Stopwatch.GetTimestamp();
    }
}

/// <summary>One kind of thing that is removed some time after it has become useless.</summary>
internal interface IMaintenanceTask
{
    /// <summary>Does a bounded piece of it; true: there is more.</summary>
    bool Run(GroupTransaction transaction);
}
