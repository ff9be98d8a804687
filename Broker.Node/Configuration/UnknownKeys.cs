namespace Broker.Node.Configuration;

/// <summary>Finds keys that nobody reads: a setting that has no effect is worse than one that is refused.</summary>
internal static class UnknownKeys
{
    /// <summary>Slips in a top-level name that still count as a slip, not as a block of somebody else's.</summary>
    private const int Slips = 2;

    private static readonly string[] Ours = ["mqtt", "akka"];

    /// <summary>Notes every unknown key under <c>mqtt</c>, doubled prefixes, and top-level names that were meant to be ours.</summary>
    /// <param name="configuration">All of it.</param>
    /// <param name="findings">Which keys exist; the problems are added there.</param>
    public static void Check(LayeredConfiguration configuration, Findings findings)
    {
        var sections = findings.Known.Select(key => key.Split('.')[1]).ToHashSet();
        foreach (var setting in configuration.Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal))
        {
            if (Problem(setting, sections, findings.Known) is { } problem)
            {
                findings.Add(setting.Key, setting, problem);
            }
        }
    }

    private static string? Problem(Setting setting, HashSet<string> sections, IReadOnlySet<string> known)
    {
        var top = setting.Path[0];
        if (Ours.Contains(top))
        {
            if (setting.Path.Count > 1 && setting.Path[1] == top)
            {
                return $"'{top}' twice has no effect; inside of the {top} block keys do not begin with {top} again: write {KeyPath.Join(setting.Path.Skip(1))}.";
            }

            return top == "mqtt" && !known.Contains(setting.Key) ? Unknown(setting, known) : null;
        }

        if (sections.Contains(top))
        {
            return $"belongs into the mqtt block; write mqtt.{setting.Key}.";
        }

        var meant = EditDistance.Nearest(top, Ours)!;
        return EditDistance.Between(top, meant) <= Slips ? $"unknown; did you mean {KeyPath.Join([meant, .. setting.Path.Skip(1)])}?" : null;
    }

    private static string Unknown(Setting setting, IReadOnlySet<string> known)
    {
        if (known.Any(key => key.StartsWith(setting.Key + ".", StringComparison.Ordinal)))
        {
            return "is a block of settings, not a value.";
        }

        // A right name in a wrong block is nearer to what was meant than a wrong name in the right one.
        var sameName = known.Where(key => key.EndsWith("." + setting.Path[^1], StringComparison.Ordinal)).ToList();
        return $"unknown key; the nearest one is {EditDistance.Nearest(setting.Key, sameName.Count > 0 ? sameName : known)}.";
    }
}
