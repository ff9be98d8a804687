namespace Broker.Specs.Protocol.Topics;

/// <summary>Matching as section 4.7 tells it, level by level: slow, and easily seen to be right.</summary>
internal static class LevelByLevel
{
    /// <summary>Whether a valid topic name matches a valid filter.</summary>
    public static bool Matches(string filter, string topic) => Matches(filter.Split('/'), topic.Split('/'));

    private static bool Matches(string[] filter, string[] topic)
    {
        if (topic[0].StartsWith('$') && filter[0] is ("+" or "#"))
        {
            return false;
        }

        for (var i = 0; i < filter.Length; i++)
        {
            if (filter[i] == "#")
            {
                return true;
            }

            if (i >= topic.Length || (filter[i] != "+" && filter[i] != topic[i]))
            {
                return false;
            }
        }

        return filter.Length == topic.Length;
    }
}
