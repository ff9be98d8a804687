using System.Runtime.CompilerServices;
using Broker.Actors.Routing;

namespace Broker.Actors.Retained;

/// <summary>
/// Walks the tree of topics for one filter; one per thread, kept for its buffers. Goes its ways from a list of its own
/// rather than by recursion: the depth of a tree is the clients' choice.
/// </summary>
internal sealed class RetainedCollector
{
    /// <summary>The level of a node below <c>#</c>: it and all below it match.</summary>
    private const int Everything = int.MaxValue;

    private const int LargestKept = 1024;

    [ThreadStatic]
    private static RetainedCollector? _ofThisThread;

    private readonly TopicLevels _levels = new();
    private readonly List<(TopicNode Node, int Level)> _open = [];

    /// <summary>The calling thread's own.</summary>
    public static RetainedCollector OfThisThread => _ofThisThread ??= new RetainedCollector();

    /// <summary>Adds the values of all topics that match.</summary>
    public void Collect<TValue>(TopicNode root, string filter, List<TValue> found)
        where TValue : class
    {
        _levels.Split(filter);
        _open.Add((root, 0));
        while (_open.Count > 0)
        {
            (TopicNode node, int level) = _open[^1];
            _open.RemoveAt(_open.Count - 1);
            if (Visit(node, level, filter) && node.Here is { } value)
            {
                found.Add(Unsafe.As<TValue>(value));
            }
        }

        if (_open.Capacity > LargestKept)
        {
            _open.Capacity = 0;
        }
    }

    /// <summary>Opens the ways on from a node; whether the node itself matches.</summary>
    private bool Visit(TopicNode node, int level, string filter)
    {
        if (level == Everything)
        {
            OpenChildren(node, Everything, reservedToo: true);
            return true;
        }

        if (level == _levels.Count)
        {
            return true;
        }

        ReadOnlySpan<char> text = _levels.TextOf(level, filter);
        if (text.SequenceEqual(TopicNode.MultiLevelWildcard))
        {
            // "a/#" matches "a" as well (section 4.7.1.2).
            OpenChildren(node, Everything, reservedToo: level > 0);
            return true;
        }

        if (text.SequenceEqual(TopicNode.SingleLevelWildcard))
        {
            OpenChildren(node, level + 1, reservedToo: level > 0);
        }
        else if (node.Child(text) is { } child)
        {
            _open.Add((child, level + 1));
        }

        return false;
    }

    private void OpenChildren(TopicNode node, int level, bool reservedToo)
    {
        switch (node.Children)
        {
            case TopicNode only:
                Open(only, level, reservedToo);
                break;
            case TopicChildren table:
                foreach (TopicNode? child in table.Slots)
                {
                    if (child is not null)
                    {
                        Open(child, level, reservedToo);
                    }
                }

                break;
        }
    }

    /// <summary>Topics that begin with '$' are not for a wildcard in the first level [MQTT-4.7.2-1].</summary>
    private void Open(TopicNode child, int level, bool reservedToo)
    {
        if (reservedToo || !child.Level.StartsWith('$'))
        {
            _open.Add((child, level));
        }
    }
}
