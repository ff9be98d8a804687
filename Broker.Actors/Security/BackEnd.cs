using Microsoft.Extensions.Logging;

namespace Broker.Actors.Security;

/// <summary>Something outside of the broker that is asked about clients: an outage is told once, and so is its end. Any thread.</summary>
/// <param name="name">As the log calls it.</param>
/// <param name="logger">The log.</param>
internal sealed partial class BackEnd(string name, ILogger logger)
{
    private int _isAway;

    /// <summary>It has answered.</summary>
    public void Answered()
    {
        if (Interlocked.Exchange(ref _isAway, 0) != 0)
        {
            LogBack(logger, name);
        }
    }

    /// <summary>It has not, or with nothing that can be used.</summary>
    /// <param name="problem">What is wrong; no secrets.</param>
    public void Failed(string problem)
    {
        if (Interlocked.Exchange(ref _isAway, 1) == 0)
        {
            LogAway(logger, name, problem);
        }
    }

    [LoggerMessage(LogLevel.Error, "{BackEnd} cannot say who clients are; those who ask for it are refused with 0x88 until it can: {Problem}")]
    private static partial void LogAway(ILogger logger, string backEnd, string problem);

    [LoggerMessage(LogLevel.Information, "{BackEnd} says who clients are again")]
    private static partial void LogBack(ILogger logger, string backEnd);
}
