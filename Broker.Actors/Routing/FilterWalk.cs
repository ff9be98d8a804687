using System.Text;

namespace Broker.Actors.Routing;

/// <summary>
/// Walks all filters of a tree. Goes its ways from a list of its own rather than by recursion: the depth of a tree is the clients' choice.
/// </summary>
internal static class FilterWalk
{
    /// <summary>Calls the visitor with each filter that something hangs on, and what does.</summary>
    public static void Visit(TopicNode root, Action<string, object> visitor)
    {
        var text = new StringBuilder();
        var open = new Stack<(TopicNode Node, int Prefix, int Depth)>();
        open.Push((root, 0, 0));
        while (open.TryPop(out var next))
        {
            var (node, prefix, depth) = next;
            text.Length = prefix;
            if (depth > 1)
            {
                text.Append(TopicNode.Separator);
            }

            text.Append(node.Level);
            if (node.Here is { } here)
            {
                visitor(text.ToString(), here);
            }

            if (node.Below is { } below)
            {
                visitor(depth == 0 ? TopicNode.MultiLevelWildcard : $"{text}{TopicNode.Separator}{TopicNode.MultiLevelWildcard}", below);
            }

            OpenChildren(node, text.Length, depth + 1, open);
        }
    }

    private static void OpenChildren(TopicNode node, int prefix, int depth, Stack<(TopicNode Node, int Prefix, int Depth)> open)
    {
        switch (node.Children)
        {
            case TopicNode only:
                open.Push((only, prefix, depth));
                break;
            case TopicChildren table:
                foreach (var child in table.Slots)
                {
                    if (child is not null)
                    {
                        open.Push((child, prefix, depth));
                    }
                }

                if (table.SingleLevelWildcard is { } wildcard)
                {
                    open.Push((wildcard, prefix, depth));
                }

                break;
        }
    }
}
