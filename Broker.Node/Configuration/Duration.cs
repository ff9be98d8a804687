using System.Globalization;

namespace Broker.Node.Configuration;

/// <summary>Durations as people write them: <c>500ms</c>, <c>10s</c>, <c>1.5 h</c>.</summary>
internal static class Duration
{
    private static readonly (string[] Names, TimeSpan Length)[] Units =
    [
        (["d", "day", "days"], TimeSpan.FromDays(1)),
        (["h", "hour", "hours"], TimeSpan.FromHours(1)),
        (["m", "minute", "minutes"], TimeSpan.FromMinutes(1)),
        (["s", "second", "seconds"], TimeSpan.FromSeconds(1)),
        (["ms", "millisecond", "milliseconds"], TimeSpan.FromMilliseconds(1)),
    ];

    /// <summary>False where it is no duration: a number without a unit is one only if it is 0, so that nobody takes ms for s.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        var (number, unit) = Measure.Split(text);
        duration = TimeSpan.Zero;
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        if (unit.Length == 0)
        {
            return count == 0;
        }

        var ticks = Units.FirstOrDefault(known => known.Names.Contains(unit)).Length.Ticks;
        if (ticks == 0 || count > long.MaxValue / ticks)
        {
            return false;
        }

        duration = new TimeSpan((long)(count * ticks));
        return true;
    }

    /// <summary>In the largest unit that divides it.</summary>
    public static string Show(TimeSpan duration)
    {
        var unit = Units.FirstOrDefault(unit => duration != TimeSpan.Zero && duration.Ticks % unit.Length.Ticks == 0);
        return unit.Names is null ? (duration == TimeSpan.Zero ? "0" : $"{duration.TotalMilliseconds:0.####}ms") : $"{duration.Ticks / unit.Length.Ticks}{unit.Names[0]}";
    }
}
