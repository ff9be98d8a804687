namespace Broker.Actors.Security;

/// <summary>Topic filters as sets of topics (section 4.7).</summary>
internal static class FilterSets
{
    /// <summary>Whether every topic of <paramref name="inner"/> is one of <paramref name="outer"/>.</summary>
    public static bool Covers(string outer, string inner)
    {
        var (o, i) = (outer.Split('/'), inner.Split('/'));
        if (HidesDollar(o[0]) && i[0].StartsWith('$'))
        {
            return false;
        }

        for (var level = 0; ; level++)
        {
            if (level == o.Length)
            {
                return level == i.Length;
            }

            if (o[level] == "#")
            {
                return true;
            }

            if (level == i.Length || i[level] == "#" || (o[level] != "+" && o[level] != i[level]))
            {
                return false;
            }
        }
    }

    /// <summary>A wildcard at the start matches no topic that begins with '$' [MQTT-4.7.2-1].</summary>
    private static bool HidesDollar(string firstLevel) => firstLevel is "+" or "#";
}
