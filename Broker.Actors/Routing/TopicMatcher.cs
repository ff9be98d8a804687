using System.Runtime.CompilerServices;
using Broker.Actors.Clustering.Links;

namespace Broker.Actors.Routing;

/// <summary>
/// Walks the tree of filters for one topic; one per thread, kept for its buffers. Goes its ways from a list of its own
/// rather than by recursion: the depth of a tree is the clients' choice.
/// </summary>
internal sealed class TopicMatcher
{
    private const int LargestKept = 1024;

    [ThreadStatic]
    private static TopicMatcher? _ofThisThread;

    private readonly TopicLevels _levels = new();
    private readonly List<(TopicNode Node, int Level)> _open = [];
    private readonly List<object> _found = [];
    private readonly RecipientMerger _merger = new();

    /// <summary>The calling thread's own.</summary>
    public static TopicMatcher OfThisThread => _ofThisThread ??= new TopicMatcher();

    /// <summary>Everyone whose filters match.</summary>
    public MatchResult? Match(SubscriptionTree tree, TopicNode root, string topic)
    {
        // First, so that a write seen only in part makes the result look old, never fresh.
        long version = tree.Version;
        Find(root, topic);
        if (_found.Count == 0)
        {
            return null;
        }

        if (_found.Count == 1 && _found[0] is Recipient only)
        {
            // Most topics that devices have to themselves.
            Forget();
            return only.IsNode
                ? new MatchResult([], [], [(RemoteNode)only.Subscriber], version)
                : new MatchResult([only], [], [], version);
        }

        Recipient[] recipients = _merger.Merge(_found, mayRepeat: false);
        Volatile.ReadBarrier();
        if (tree.Version != version)
        {
            // One who unsubscribed and subscribed again meanwhile may have been met in both places.
            recipients = _merger.Merge(_found, mayRepeat: true);
        }

        SharedGroup[] groups = SharedGroups();
        Forget();
        RemoteNode[] nodes = Nodes(ref recipients);
        return recipients.Length == 0 && groups.Length == 0 && nodes.Length == 0 ? null : new MatchResult(recipients, groups, nodes, version);
    }

    /// <summary>Takes the other nodes out of the recipients, which are this node's alone: the router treats them apart.</summary>
    private static RemoteNode[] Nodes(ref Recipient[] recipients)
    {
        int count = 0;
        foreach (Recipient recipient in recipients)
        {
            count += recipient.IsNode ? 1 : 0;
        }

        if (count == 0)
        {
            return [];
        }

        var nodes = new RemoteNode[count];
        var sessions = new Recipient[recipients.Length - count];
        int sessionCount = 0;
        foreach (Recipient recipient in recipients)
        {
            if (recipient.IsNode)
            {
                nodes[--count] = (RemoteNode)recipient.Subscriber;
            }
            else
            {
                sessions[sessionCount++] = recipient;
            }
        }

        recipients = sessions;
        return nodes;
    }

    private void Find(TopicNode root, string topic)
    {
        _levels.Split(topic);
        Visit(root, 0, topic);
        while (_open.Count > 0)
        {
            (TopicNode node, int level) = _open[^1];
            _open.RemoveAt(_open.Count - 1);
            Visit(node, level, topic);
        }
    }

    private void Visit(TopicNode node, int level, string topic)
    {
        while (true)
        {
            bool wildcards = level > 0 || !_levels.IsReserved;
            if (wildcards && node.Below is { } below)
            {
                _found.Add(below);
            }

            if (level == _levels.Count)
            {
                if (node.Here is { } here)
                {
                    _found.Add(here);
                }

                return;
            }

            (TopicNode? exact, TopicNode? wildcard) = Children(node, level, topic);
            level++;
            if (!wildcards || wildcard is null)
            {
                if (exact is null)
                {
                    return;
                }

                node = exact;
            }
            else
            {
                if (exact is not null)
                {
                    _open.Add((exact, level));
                }

                node = wildcard;
            }
        }
    }

    private (TopicNode? Exact, TopicNode? Wildcard) Children(TopicNode node, int level, string topic)
    {
        object? children = node.Children;
        if (children is null)
        {
            return default;
        }

        ReadOnlySpan<char> text = _levels.TextOf(level, topic);
        if (children is TopicChildren table)
        {
            return (OneLevel(table.Find(text, _levels.HashOf(level, text)), level, text.Length, topic), table.SingleLevelWildcard);
        }

        TopicNode only = Unsafe.As<TopicNode>(children);
        if (only.IsSingleLevelWildcard)
        {
            return (null, only);
        }

        return (only.BeginsWith(text) ? OneLevel(only, level, text.Length, topic) : null, null);
    }

    /// <summary>Null where the node stands for several levels: nothing is below it, and what hangs on it is found here.</summary>
    private TopicNode? OneLevel(TopicNode? node, int level, int length, string topic)
    {
        if (node is null || node.Level.Length == length)
        {
            return node;
        }

        ReadOnlySpan<char> rest = _levels.TextFrom(level, topic);
        ReadOnlySpan<char> levels = node.Level;
        bool isWhole = rest.Length == levels.Length;
        if (rest.StartsWith(levels) && (isWhole || rest[levels.Length] == TopicNode.Separator))
        {
            if (node.Below is { } below)
            {
                _found.Add(below);
            }

            if (isWhole && node.Here is { } here)
            {
                _found.Add(here);
            }
        }

        return null;
    }

    private SharedGroup[] SharedGroups()
    {
        List<SharedGroup>? groups = null;
        foreach (object found in _found)
        {
            if (found is SubscriberSet { Groups: { } shared })
            {
                foreach (SharedGroup? group in shared.Slots)
                {
                    if (group is not null)
                    {
                        (groups ??= []).Add(group);
                    }
                }
            }
        }

        return groups is null ? [] : [.. groups];
    }

    /// <summary>An idle thread must not keep subscribers alive.</summary>
    private void Forget()
    {
        _found.Clear();
        if (_found.Capacity > LargestKept)
        {
            _found.Capacity = 0;
        }
    }
}
