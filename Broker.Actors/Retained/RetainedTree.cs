using Broker.Actors.Routing;

namespace Broker.Actors.Retained;

/// <summary>
/// This node's read copy of the retained messages, by topic. Read lock-free on any thread; written by one owner (a lock
/// makes a second writer safe, readers never take it).
/// </summary>
/// <typeparam name="TValue">What is retained; immutable, it knows its own topic.</typeparam>
internal sealed class RetainedTree<TValue>
    where TValue : class
{
    private readonly Lock _writing = new();
    private readonly TopicNode _root = new("", 0, 0, 0);
    private readonly List<TopicNode> _path = [];
    private int _count;

    /// <summary>Topics that have a value.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether nothing is left but the root: empty levels are cut off.</summary>
    internal bool IsPruned => _root.IsEmpty;

    /// <summary>Sets a topic's value and answers the one it replaces, or null.</summary>
    public TValue? Set(string topic, TValue value)
    {
        lock (_writing)
        {
            TopicNode node = _root;
            foreach (Range range in topic.AsSpan().Split(TopicNode.Separator))
            {
                (int start, int length) = range.GetOffsetAndLength(topic.Length);
                node = node.GetOrAddChild(topic, start, length);
            }

            var replaced = (TValue?)node.Here;
            node.Here = value;
            if (replaced is null)
            {
                Volatile.Write(ref _count, _count + 1);
            }

            return replaced;
        }
    }

    /// <summary>Removes a topic's value and answers it, or null where there was none.</summary>
    public TValue? Remove(string topic)
    {
        lock (_writing)
        {
            _path.Clear();
            _path.Add(_root);
            foreach (Range range in topic.AsSpan().Split(TopicNode.Separator))
            {
                if (_path[^1].Child(topic.AsSpan(range)) is not { } child)
                {
                    return null;
                }

                _path.Add(child);
            }

            if (_path[^1].Here is not TValue removed)
            {
                return null;
            }

            _path[^1].Here = null;
            for (int i = _path.Count - 1; i > 0 && _path[i].IsEmpty; i--)
            {
                _path[i - 1].RemoveChild(_path[i]);
            }

            Volatile.Write(ref _count, _count - 1);
            return removed;
        }
    }

    /// <summary>Any thread: a topic's value, or null.</summary>
    public TValue? Get(string topic)
    {
        TopicNode? node = _root;
        foreach (Range range in topic.AsSpan().Split(TopicNode.Separator))
        {
            node = node.Child(topic.AsSpan(range));
            if (node is null)
            {
                return null;
            }
        }

        return (TValue?)node.Here;
    }

    /// <summary>
    /// Any thread: adds the values of all topics that match, in no particular order. A topic that has a value all the
    /// time is found once; one that is removed and set again meanwhile may be found twice, with its old and its new value.
    /// </summary>
    /// <param name="filter">A valid topic filter, without <c>$share</c>: shared subscriptions get no retained messages.</param>
    /// <param name="found">Where they are added.</param>
    public void Collect(string filter, List<TValue> found) => RetainedCollector.OfThisThread.Collect(_root, filter, found);
}
