namespace Broker.Actors.Routing;

/// <summary>A topic taken apart into levels, without strings: reused from topic to topic.</summary>
internal sealed class TopicLevels
{
    private Level[] _levels = new Level[16];

    /// <summary>How many levels, at least one.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Whether wildcards must not match the first level: topics that begin with '$' are the server's [MQTT-4.7.2-1].
    /// </summary>
    public bool IsReserved { get; private set; }

    /// <summary>Takes another topic apart.</summary>
    public void Split(ReadOnlySpan<char> topic)
    {
        IsReserved = topic.Length > 0 && topic[0] == '$';
        int count = 0;
        int start = 0;
        while (true)
        {
            if (count == _levels.Length)
            {
                Array.Resize(ref _levels, count * 2);
            }

            int length = topic[start..].IndexOf(TopicNode.Separator);
            if (length < 0)
            {
                _levels[count++] = new Level(start, topic.Length - start);
                break;
            }

            _levels[count++] = new Level(start, length);
            start += length + 1;
        }

        Count = count;
    }

    /// <summary>The level's text in the topic that was split.</summary>
    public ReadOnlySpan<char> TextOf(int index, ReadOnlySpan<char> topic) => topic.Slice(_levels[index].Start, _levels[index].Length);

    /// <summary>The text from the level to the end.</summary>
    public ReadOnlySpan<char> TextFrom(int index, ReadOnlySpan<char> topic) => topic[_levels[index].Start..];

    /// <summary>The level's hash, computed only when a table is asked, and once however many branches ask.</summary>
    public int HashOf(int index, ReadOnlySpan<char> level)
    {
        ref Level entry = ref _levels[index];
        if (!entry.IsHashed)
        {
            entry.Hash = TopicNode.HashOf(level);
            entry.IsHashed = true;
        }

        return entry.Hash;
    }

    private struct Level(int start, int length)
    {
        public readonly int Start = start;
        public readonly int Length = length;
        public int Hash;
        public bool IsHashed;
    }
}
