using System.Buffers;

namespace Broker.Protocol.Topics;

/// <summary>Rules of topic names (section 4.7).</summary>
public static class TopicName
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("+#\0");

    /// <summary>Whether it is not empty and holds no wildcard and no U+0000.</summary>
    public static bool IsValid(ReadOnlySpan<char> topic) => !topic.IsEmpty && !topic.ContainsAny(Forbidden);
}
