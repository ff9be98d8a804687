namespace Broker.Protocol.Topics;

/// <summary>
/// A valid topic filter, taken apart (section 4.7): for a shared subscription <c>$share/{group}/{filter}</c>
/// (section 4.8.2) the group and the filter inside.
/// </summary>
/// <param name="Text">As the client wrote it, <c>$share/…</c> included.</param>
/// <param name="Filter">What topics are matched against.</param>
/// <param name="ShareName">The group, or null.</param>
public sealed record TopicFilter(string Text, string Filter, string? ShareName)
{
    private const string SharePrefix = "$share/";

    /// <summary>Whether this is a shared subscription.</summary>
    public bool IsShared => ShareName is not null;

    /// <summary>Whether the filter holds a wildcard.</summary>
    public bool HasWildcard => Filter.AsSpan().IndexOfAny('+', '#') >= 0;

    /// <summary>
    /// Answers (true, filter, null) or (false, null, what is wrong). Checks wildcards, U+0000, emptiness and the form
    /// of <c>$share</c>; limits of length and levels are the broker's.
    /// </summary>
    public static bool TryParse(string text, out TopicFilter? filter, out string? problem)
    {
        filter = null;
        string? shareName = null;
        var inner = text;
        if (text.StartsWith(SharePrefix, StringComparison.Ordinal))
        {
            problem = SplitShare(text, out shareName, out inner);
            if (problem is not null)
            {
                return false;
            }
        }

        problem = FindProblem(inner);
        if (problem is not null)
        {
            return false;
        }

        filter = new TopicFilter(text, inner, shareName);
        return true;
    }

    /// <summary>Whether <paramref name="topic"/> matches <paramref name="filter"/>; wildcards do not match a leading '$' [MQTT-4.7.2-1].</summary>
    public static bool Matches(string filter, string topic)
    {
        if (topic.StartsWith('$') && filter.Length > 0 && filter[0] is '+' or '#')
        {
            return false;
        }

        var at = 0;
        for (var i = 0; i < filter.Length; i++)
        {
            switch (filter[i])
            {
                case '#':
                    return true;
                case '+':
                    var level = topic.AsSpan(at).IndexOf('/');
                    at = level < 0 ? topic.Length : at + level;
                    break;
                case var character when at < topic.Length && topic[at] == character:
                    at++;
                    break;
                default:
                    // "a/#" takes in its parent "a" (section 4.7.1.2).
                    return at == topic.Length && filter.AsSpan(i) is "/#";
            }
        }

        return at == topic.Length;
    }

    private static string? SplitShare(string text, out string shareName, out string filter)
    {
        shareName = filter = string.Empty;
        var end = text.IndexOf('/', SharePrefix.Length);
        if (end < 0)
        {
            return "a shared subscription needs a topic filter behind its share name"; // [MQTT-4.8.2-2]
        }

        shareName = text[SharePrefix.Length..end];
        filter = text[(end + 1)..];
        if (shareName.Length == 0)
        {
            return "the share name is empty"; // [MQTT-4.8.2-1]
        }

        return shareName.AsSpan().IndexOfAny('+', '#', '\0') >= 0 ? "the share name holds a wildcard or U+0000" : null;
    }

    private static string? FindProblem(string filter)
    {
        if (filter.Length == 0)
        {
            return "the topic filter is empty"; // [MQTT-4.7.3-1]
        }

        for (var i = 0; i < filter.Length; i++)
        {
            var startsLevel = i == 0 || filter[i - 1] == '/';
            var isLast = i == filter.Length - 1;
            switch (filter[i])
            {
                case '\0':
                    return "the topic filter holds U+0000"; // [MQTT-4.7.3-2]
                case '#' when !startsLevel || !isLast:
                    return "'#' is not the whole last level"; // [MQTT-4.7.1-1]
                case '+' when !startsLevel || !(isLast || filter[i + 1] == '/'):
                    return "'+' is not a whole level"; // [MQTT-4.7.1-2]
                default:
                    break;
            }
        }

        return null;
    }
}
