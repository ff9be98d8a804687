using Broker.Protocol.Topics;

namespace Broker.Actors.Routing;

/// <summary>
/// All subscriptions that this node knows, by topic filter. Matched lock-free on any thread; written by one owner (a lock
/// makes a second writer safe, readers never take it). A match that runs during a write sees the tree as it was before or
/// as it is after, and never misses a subscription that the write does not concern.
/// </summary>
internal sealed class SubscriptionTree
{
    private readonly Lock _writing = new();
    private readonly TopicNode _root = new("", 0, 0, 0);
    private readonly List<TopicNode> _path = [];
    private long _version;
    private int _count;
    private MatchResult _nobody = new([], [], [], 0);

    /// <summary>Grows with every write, once readers can see it.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Subscriptions of sessions, each member of a shared group counted; live ones of other nodes are not among them.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether nothing is left but the root: empty levels are cut off.</summary>
    internal bool IsPruned => _root.IsEmpty;

    /// <summary>Adds a subscription (true) or replaces the options of the one that the subscriber has (false) [MQTT-3.8.4-3].</summary>
    public bool Subscribe(Subscriber subscriber, TopicFilter filter, SubscriptionOptions options) => Subscribe(subscriber, filter, options, out _);

    /// <summary>As above; <paramref name="isFirstLive"/>: the filter had no plain subscription of a live session of this node before.</summary>
    public bool Subscribe(Subscriber subscriber, TopicFilter filter, SubscriptionOptions options, out bool isFirstLive)
    {
        lock (_writing)
        {
            (TopicNode node, bool below) = GetOrAddNode(filter.Filter);
            isFirstLive = false;
            bool added = filter.ShareName is null
                ? Put(node, below, new Recipient(subscriber, options), out isFirstLive)
                : SetOf(node, below).PutShared(filter.ShareName, filter.Filter, Recipient.Shared(subscriber, options));
            Written(added && !subscriber.IsElsewhere ? 1 : 0);
            return added;
        }
    }

    /// <summary>Removes a subscription; false when there was none.</summary>
    public bool Unsubscribe(Subscriber subscriber, TopicFilter filter) => Unsubscribe(subscriber, filter, out _);

    /// <summary>As above; <paramref name="wasLastLive"/>: the filter has no plain subscription of a live session of this node any more.</summary>
    public bool Unsubscribe(Subscriber subscriber, TopicFilter filter, out bool wasLastLive)
    {
        lock (_writing)
        {
            wasLastLive = false;
            if (!TryFindPath(filter.Filter, out bool below) || !Remove(_path[^1], below, subscriber, filter.ShareName, out wasLastLive))
            {
                return false;
            }

            Prune();
            Written(subscriber.IsElsewhere ? 0 : -1);
            return true;
        }
    }

    /// <summary>What hangs on each filter: a <see cref="Recipient"/> or a <see cref="SubscriberSet"/>. No writer comes between.</summary>
    public void Visit(Action<string, object> visitor)
    {
        lock (_writing)
        {
            FilterWalk.Visit(_root, visitor);
        }
    }

    /// <summary>Makes every match that was made before out of date, because something else that it depends on has changed. Any thread.</summary>
    public void Invalidate()
    {
        lock (_writing)
        {
            Written(0);
        }
    }

    /// <summary>As <see cref="Visit"/>, on any thread beside writers, as matching is: what they write meanwhile may be seen or not.</summary>
    public void Walk(Action<string, object> visitor) => FilterWalk.Visit(_root, visitor);

    /// <summary>Everyone who receives a message with this topic name, which is valid. Any thread.</summary>
    public MatchResult Match(string topic)
    {
        long version = Version;
        return TopicMatcher.OfThisThread.Match(this, _root, topic) ?? Nobody(version);
    }

    private static object? Get(TopicNode node, bool below) => below ? node.Below : node.Here;

    private static void Set(TopicNode node, bool below, object? value)
    {
        if (below)
        {
            node.Below = value;
        }
        else
        {
            node.Here = value;
        }
    }

    private static bool Put(TopicNode node, bool below, Recipient recipient, out bool isFirstLive)
    {
        isFirstLive = false;
        switch (Get(node, below))
        {
            case null:
                Set(node, below, recipient);
                isFirstLive = recipient.Subscriber.IsLive;
                return true;
            case Recipient single when ReferenceEquals(single.Subscriber, recipient.Subscriber):
                Set(node, below, recipient);
                return false;
            default:
                return SetOf(node, below).Put(recipient, out isFirstLive);
        }
    }

    /// <summary>The set at a filter's end, made of the single subscription that may be there.</summary>
    private static SubscriberSet SetOf(TopicNode node, bool below)
    {
        object? found = Get(node, below);
        if (found is SubscriberSet set)
        {
            return set;
        }

        set = new SubscriberSet();
        if (found is Recipient single)
        {
            set.Put(single, out _);
        }

        Set(node, below, set);
        return set;
    }

    private static bool Remove(TopicNode node, bool below, Subscriber subscriber, string? shareName, out bool wasLastLive)
    {
        wasLastLive = false;
        switch (Get(node, below))
        {
            case Recipient single when shareName is null && ReferenceEquals(single.Subscriber, subscriber):
                Set(node, below, null);
                wasLastLive = subscriber.IsLive;
                return true;
            case SubscriberSet set:
                if (!(shareName is null ? set.Remove(subscriber, out wasLastLive) : set.RemoveShared(shareName, subscriber)))
                {
                    return false;
                }

                if (set.IsEmpty)
                {
                    Set(node, below, null);
                }
                else if (set.Single is { } last)
                {
                    Set(node, below, last);
                }

                return true;
            default:
                return false;
        }
    }

    private (TopicNode Node, bool Below) GetOrAddNode(string filter)
    {
        TopicNode node = _root;
        int end = EndOfLevels(filter, out bool below);
        for (int start = 0; start <= end; start += node.Level.Length + 1)
        {
            ReadOnlySpan<char> rest = filter.AsSpan(start, end - start);
            int length = FirstLevel(rest);
            TopicNode? child = node.Child(rest[..length]);
            if (child is null)
            {
                child = node.AddChild(filter, start, rest.Contains(TopicNode.SingleLevelWildcard, StringComparison.Ordinal) ? length : rest.Length, length);
            }
            else if (child.Level.Length > length && !child.Level.SequenceEqual(rest))
            {
                child = node.SplitChild(child, length);
            }

            node = child;
        }

        return (node, below);
    }

    private bool TryFindPath(string filter, out bool below)
    {
        _path.Clear();
        _path.Add(_root);
        int end = EndOfLevels(filter, out below);
        for (int start = 0; start <= end; start += _path[^1].Level.Length + 1)
        {
            ReadOnlySpan<char> rest = filter.AsSpan(start, end - start);
            int length = FirstLevel(rest);
            if (_path[^1].Child(rest[..length]) is not { } child || (child.Level.Length > length && !child.Level.SequenceEqual(rest)))
            {
                return false;
            }

            _path.Add(child);
        }

        return true;
    }

    /// <summary>
    /// Where the levels that have nodes end: before the multi-level wildcard, which is always the last [MQTT-4.7.1-1]; -1 where there are no others.
    /// </summary>
    private static int EndOfLevels(string filter, out bool below)
    {
        below = filter.EndsWith(TopicNode.MultiLevelWildcard, StringComparison.Ordinal);
        return below ? filter.Length - 2 : filter.Length;
    }

    private static int FirstLevel(ReadOnlySpan<char> levels) => levels.IndexOf(TopicNode.Separator) is var end && end < 0 ? levels.Length : end;

    private void Prune()
    {
        for (int i = _path.Count - 1; i > 0 && _path[i].IsEmpty; i--)
        {
            _path[i - 1].RemoveChild(_path[i]);
        }

        _path.Clear();
    }

    private void Written(int added)
    {
        Volatile.Write(ref _count, _count + added);
        Volatile.Write(ref _version, _version + 1);
    }

    private MatchResult Nobody(long version)
    {
        MatchResult nobody = _nobody;
        if (nobody.Version != version)
        {
            _nobody = nobody = new MatchResult([], [], [], version);
        }

        return nobody;
    }
}
