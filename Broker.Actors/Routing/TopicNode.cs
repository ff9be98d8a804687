using System.Runtime.CompilerServices;

namespace Broker.Actors.Routing;

/// <summary>
/// One level of a tree of topics or topic filters. Read from any thread without locks, written by one writer at a time:
/// every change that readers can see is one reference written last.
/// </summary>
/// <remarks>
/// There may be millions: 56 bytes, and the level is a part of the filter's own string rather than a new one. A node without children may stand for
/// several levels, all that is left of the one filter below its first: one object less to keep, and to wait for where the tree is larger than the caches.
/// </remarks>
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

    /// <summary>The level (or levels) <paramref name="source"/>[start .. start + length]; the hash of the first is given.</summary>
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

    /// <summary><see cref="HashOf"/> the first level.</summary>
    public int Hash { get; }

    /// <summary>The text: of one level, or of several with the separators between them.</summary>
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

    /// <summary>Whether its first level is this.</summary>
    public bool BeginsWith(ReadOnlySpan<char> level)
    {
        ReadOnlySpan<char> own = Level;
        return own.StartsWith(level) && (own.Length == level.Length || own[level.Length] == Separator);
    }

    /// <summary>Any thread: the child with this first level, be it a wildcard.</summary>
    public TopicNode? Child(ReadOnlySpan<char> level)
    {
        object? children = Children;
        if (children is TopicChildren table)
        {
            return level.SequenceEqual(SingleLevelWildcard) ? table.SingleLevelWildcard : table.Find(level, HashOf(level));
        }

        TopicNode? only = Unsafe.As<TopicNode?>(children);
        return only is not null && only.BeginsWith(level) ? only : null;
    }

    /// <summary>The writer's: the child for the level <paramref name="source"/>[start .. start + length], made where there was none.</summary>
    public TopicNode GetOrAddChild(string source, int start, int length) =>
        Child(source.AsSpan(start, length)) ?? AddChild(source, start, length, length);

    /// <summary>The writer's: adds a child for one level or several, <paramref name="source"/>[start .. start + length], the first of which there is not yet.</summary>
    public TopicNode AddChild(string source, int start, int length, int firstLevel)
    {
        var child = new TopicNode(source, start, length, HashOf(source.AsSpan(start, firstLevel)));
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

    /// <summary>
    /// The writer's: puts two nodes, for its first level and for the others, in the place of a child that stands for several. Who reads meanwhile and has the old one finds what hangs on it there.
    /// </summary>
    /// <returns>The one for the first level.</returns>
    public TopicNode SplitChild(TopicNode child, int firstLevel)
    {
        var first = new TopicNode(child._source, child._start, firstLevel, child.Hash);
        int others = child._start + firstLevel + 1;
        int length = child._length - firstLevel - 1;
        ReadOnlySpan<char> text = child._source.AsSpan(others, length);
        int second = text.IndexOf(Separator);
        TopicNode rest = first.AddChild(child._source, others, length, second < 0 ? length : second);
        rest._here = child._here;
        rest._below = child._below;
        if (_children is TopicChildren table)
        {
            table.Replace(child, first);
        }
        else
        {
            Volatile.Write(ref _children, first);
        }

        return first;
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
