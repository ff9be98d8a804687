using System.Text.RegularExpressions;

namespace Broker.Node.Configuration;

/// <summary>Dotted keys as people write them.</summary>
internal static partial class KeyPath
{
    /// <summary>Joins parts with dots; a part that has one itself, or anything else unusual, is quoted.</summary>
    public static string Join(IEnumerable<string> parts) => string.Join('.', parts.Select(QuoteWhereNeeded));

    /// <summary>Whether it is one or more parts with dots between them, each plain or in quotes.</summary>
    public static bool IsValid(string key) => Dotted().IsMatch(key);

    private static string QuoteWhereNeeded(string part) => Plain().IsMatch(part) ? part : $"\"{part}\"";

    [GeneratedRegex("^[A-Za-z0-9_-]+$")]
    private static partial Regex Plain();

    [GeneratedRegex("""^([A-Za-z0-9_-]+|"[^"]+")(\.([A-Za-z0-9_-]+|"[^"]+"))*$""")]
    private static partial Regex Dotted();
}
