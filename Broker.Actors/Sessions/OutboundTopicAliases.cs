namespace Broker.Actors.Sessions;

/// <summary>
/// The topic aliases that the broker sets towards a client on this connection (section 3.3.2.3.4). Ask it when the packet
/// is encoded, for packets that will be written: an alias set in a packet that is then dropped is unknown to the client.
/// Single-threaded; holds no table before the first.
/// </summary>
/// <remarks>
/// When all aliases are given away, a topic without one looks at one of them (the clock's hand): if that one has not been
/// used since the hand passed, the topic takes it over. So steady topics keep theirs and past ones lose them, while a
/// great many topics in turn cost no more than a look.
/// </remarks>
/// <param name="maximum">The lower of the client's Topic Alias Maximum and the broker's own limit; 0: none.</param>
internal sealed class OutboundTopicAliases(int maximum)
{
    /// <summary>The property takes three bytes: shorter topics are sent as they are.</summary>
    private const int LongestNotWorthIt = 3;

    private Dictionary<string, ushort>? _aliases;
    private List<Alias>? _given;
    private int _hand;

    /// <summary>Aliases given away.</summary>
    public int Count => _given?.Count ?? 0;

    /// <summary>How a PUBLISH with this topic says it.</summary>
    public TopicAliasUse Use(string topic)
    {
        if (maximum == 0 || topic.Length <= LongestNotWorthIt)
        {
            return TopicAliasUse.None;
        }

        _aliases ??= [];
        _given ??= [];
        if (_aliases.TryGetValue(topic, out ushort alias))
        {
            _given[alias - 1] = new Alias(topic, Used: true);
            return new TopicAliasUse(alias, SendTopic: false);
        }

        if (_given.Count < maximum)
        {
            _given.Add(new Alias(topic, Used: true));
            _aliases.Add(topic, (ushort)_given.Count);
            return new TopicAliasUse((ushort)_given.Count, SendTopic: true);
        }

        return TakeOver(topic);
    }

    /// <summary>The packet that would have set the alias was not written: its topic has none.</summary>
    public void Withdraw(ushort alias)
    {
        _aliases!.Remove(_given![alias - 1].Topic);
        _given[alias - 1] = new Alias("", Used: false);
    }

    private TopicAliasUse TakeOver(string topic)
    {
        int index = _hand;
        _hand = (_hand + 1) % _given!.Count;
        Alias current = _given[index];
        if (current.Used)
        {
            _given[index] = current with { Used = false };
            return TopicAliasUse.None;
        }

        _aliases!.Remove(current.Topic);
        _aliases.Add(topic, (ushort)(index + 1));
        _given[index] = new Alias(topic, Used: true);
        return new TopicAliasUse((ushort)(index + 1), SendTopic: true);
    }

    private readonly record struct Alias(string Topic, bool Used);
}
