using System.Runtime.CompilerServices;

namespace Broker.Actors.Routing;

/// <summary>
/// One level of a tree of topics or topic filters. Read from any thread without locks, written by one writer at a time:
/// every change that readers can see is one reference written last.
/// </summary>
/// <remarks>There may be millions: 56 bytes, and the level is a part of the filter's own string rather than a new one.</remarks>
internal sealed class TopicNode
{
    /// <summary>Level separator (section 4.7.1.1).</summary>
    public const char Separator = '/';

    /// <summary>The level that is a single-level wildcard.</summary>
    public const string SingleLevelWildcard = "+";

    /// <summary>The last level that is a multi-level wildcard.</summary>
    public const string MultiLevelWildcard = "#";

    /// <summary>A longer string is not kept alive for a level of it.</summary>
    private const int LongestSharedSource = 128;

    private readonly string _source;
    private readonly ushort _start;
    private readonly ushort _length;

    /// <summary>Null, the only child, or a <see cref="TopicChildren"/>.</summary>
    private object? _children;

    private object? _here;
    private object? _below;

    /// <summary>The level <paramref name="source"/>[start .. start + length], whose hash is given.</summary>
    public TopicNode(string source, int start, int length, int hash)
    {
        if (source.AsSpan(start, length).SequenceEqual(SingleLevelWildcard))
        {
            (source, start) = (SingleLevelWildcard, 0);
        }
        else if (source.Length > LongestSharedSource)
        {
            (source, start) = (source.Substring(start, length), 0);
        }

        _source = source;
        _start = checked((ushort)start);
        _length = checked((ushort)length);
        Hash = hash;
    }

    /// <summary><see cref="HashOf"/> the level.</summary>
    public int Hash { get; }

    /// <summary>The level's text.</summary>
    public ReadOnlySpan<char> Level => _source.AsSpan(_start, _length);

    /// <summary>Whether the level is <c>+</c>.</summary>
    public bool IsSingleLevelWildcard => ReferenceEquals(_source, SingleLevelWildcard);

    /// <summary>Null, the only child (a <see cref="TopicNode"/>), or a <see cref="TopicChildren"/>.</summary>
    public object? Children => Volatile.Read(ref _children);

    /// <summary>What hangs on the topic or filter that ends here.</summary>
    public object? Here
    {
        get => Volatile.Read(ref _here);
        set => Volatile.Write(ref _here, value);
    }

    /// <summary>What hangs on the filter that ends with <c>#</c> behind this level.</summary>
    public object? Below
    {
        get => Volatile.Read(ref _below);
        set => Volatile.Write(ref _below, value);
    }

    /// <summary>Whether it can be cut off.</summary>
    public bool IsEmpty => _children is null && _here is null && _below is null;

    /// <summary>Seeded by the process, so that clients cannot choose levels that collide.</summary>
    public static int HashOf(ReadOnlySpan<char> level) => string.GetHashCode(level);

    /// <summary>Any thread: the child with this very text, be it a wildcard's.</summary>
    public TopicNode? Child(ReadOnlySpan<char> level)
    {
        object? children = Children;
        if (children is TopicChildren table)
        {
            return level.SequenceEqual(SingleLevelWildcard) ? table.SingleLevelWildcard : table.Find(level, HashOf(level));
        }

        TopicNode? only = Unsafe.As<TopicNode?>(children);
        return only is not null && only.Level.SequenceEqual(level) ? only : null;
    }

    /// <summary>The writer's: the child for <paramref name="source"/>[start .. start + length], made where there was none.</summary>
    public TopicNode GetOrAddChild(string source, int start, int length)
    {
        ReadOnlySpan<char> level = source.AsSpan(start, length);
        if (Child(level) is { } found)
        {
            return found;
        }

        var child = new TopicNode(source, start, length, HashOf(level));
        switch (_children)
        {
            case null:
                Volatile.Write(ref _children, child);
                break;
            case TopicChildren table:
                table.Add(child);
                break;
            case TopicNode only:
                var grown = new TopicChildren();
                grown.Add(only);
                grown.Add(child);
                Volatile.Write(ref _children, grown);
                break;
        }

        return child;
    }

    /// <summary>The writer's: cuts off a child.</summary>
    public void RemoveChild(TopicNode child)
    {
        if (_children is TopicChildren table)
        {
            table.Remove(child);
            if (table.Single is { } last)
            {
                Volatile.Write(ref _children, last);
            }
        }
        else if (ReferenceEquals(_children, child))
        {
            Volatile.Write(ref _children, null);
        }
    }
}
