using System.Text.RegularExpressions;
using Broker.Actors.Hosting;

namespace Broker.Node.Configuration;

/// <summary>The names of enumerations in HOCON.</summary>
internal static partial class EnumNames
{
    /// <summary><c>drop-newest</c>; databases, whose names are theirs, without hyphens.</summary>
    public static string Of<T>(T value) where T : struct, Enum
    {
        var separator = typeof(T) == typeof(StorageProvider) || typeof(T) == typeof(SecurityDatabaseProvider) ? "" : "-";
#pragma warning disable CA1308 // HOCON's names are in lower case.
        return InnerCapital().Replace(value.ToString(), match => separator + match.Value).ToLowerInvariant();
#pragma warning restore CA1308
    }

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex InnerCapital();
}
