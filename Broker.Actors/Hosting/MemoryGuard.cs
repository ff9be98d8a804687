using Microsoft.Extensions.Logging;

namespace Broker.Actors.Hosting;

/// <summary>
/// Whether the process uses so much memory that it takes no new clients: those that are connected go on. Looked at by the clock, not for each
/// connection.
/// </summary>
internal sealed partial class MemoryGuard
{
    /// <summary>Of what the machine or the container has, where the operator names no bound.</summary>
    private const double DefaultShare = 0.9;

    /// <summary>Of the bound: below it clients are taken again. In between nothing changes, so that it does not go back and forth.</summary>
    private const double LowShare = 0.95;

    private readonly long _most;
    private readonly Func<long> _used;
    private readonly ILogger _logger;
    private volatile bool _isFull;

    /// <param name="configured">Bytes; 0: 90 % of what there is.</param>
    /// <param name="available">Bytes that the machine or the container has.</param>
    /// <param name="used">Bytes that the process uses now.</param>
    /// <param name="logger">Told once when it begins, once when it ends.</param>
    public MemoryGuard(long configured, long available, Func<long> used, ILogger logger)
    {
        _most = configured > 0 ? configured : (long)(available * DefaultShare);
        _used = used;
        _logger = logger;
    }

    /// <summary>New clients are refused. Any thread.</summary>
    public bool IsFull => _isFull;

    /// <summary>Of this process. What is resident counts, as it does for the kernel that would end the process.</summary>
    public static MemoryGuard OfProcess(long configured, ILogger logger) =>
        new(configured, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, static () => Math.Max(Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: false)), logger);

    /// <summary>Looks again. One caller at a time.</summary>
    public void Check()
    {
        var used = _used();
        if (!_isFull && used > _most)
        {
            _isFull = true;
            Full(_logger, used >> 20, _most >> 20);
        }
        else if (_isFull && used < _most * LowShare)
        {
            _isFull = false;
            RoomAgain(_logger, used >> 20);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The process uses {Used} MiB of memory, more than the {Most} MiB of mqtt.limits.max-memory: new clients are refused until it is 5 % less")]
    private static partial void Full(ILogger logger, long used, long most);

    [LoggerMessage(LogLevel.Information, "The process uses {Used} MiB of memory: new clients are accepted again")]
    private static partial void RoomAgain(ILogger logger, long used);
}
