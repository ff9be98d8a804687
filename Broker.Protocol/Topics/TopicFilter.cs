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
    /// <summary>Whether this is a shared subscription.</summary>
    public bool IsShared => ShareName is not null;

    /// <summary>Whether the filter holds a wildcard.</summary>
    public bool HasWildcard => Filter.AsSpan().IndexOfAny('+', '#') >= 0;

    /// <summary>
    /// Answers (true, filter, null) or (false, null, what is wrong). Checks wildcards, U+0000, emptiness and the form
    /// of <c>$share</c>; limits of length and levels are the broker's.
    /// </summary>
    public static bool TryParse(string text, out TopicFilter? filter, out string? problem) => throw new NotSupportedException();

    /// <summary>Whether <paramref name="topic"/> matches <paramref name="filter"/>; wildcards do not match a leading '$' [MQTT-4.7.2-1].</summary>
    public static bool Matches(string filter, string topic) => throw new NotSupportedException();
}
