using System.Globalization;

namespace Broker.Node.Configuration;

/// <summary>Sizes as people write them: <c>1048576</c>, <c>1MiB</c>, <c>1 MB</c>.</summary>
internal static class ByteSize
{
    private static readonly (string Name, long Bytes)[] Units =
    [
        ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10),
        ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1),
    ];

    /// <summary>False where it is no whole number of bytes, or more than fits.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        var (digits, unit) = Measure.Split(text);
        bytes = 0;
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        var factor = unit.Length == 0 ? 1 : Units.FirstOrDefault(known => known.Name.Equals(unit, StringComparison.OrdinalIgnoreCase)).Bytes;
        if (factor == 0 || count > long.MaxValue / factor)
        {
            return false;
        }

        bytes = count * factor;
        return true;
    }

    /// <summary>In the largest power of 1,024 that divides it.</summary>
    public static string Show(long bytes)
    {
        var unit = Units.Take(3).FirstOrDefault(unit => bytes != 0 && bytes % unit.Bytes == 0);
        return unit.Name is null ? $"{bytes}" : $"{bytes / unit.Bytes}{unit.Name}";
    }
}
