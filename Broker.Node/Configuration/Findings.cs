namespace Broker.Node.Configuration;

/// <summary>What reading has found: the keys that exist, and what is wrong.</summary>
internal sealed class Findings
{
    private readonly SortedSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];

    /// <summary>Every key that has been asked for.</summary>
    public IReadOnlySet<string> Known => _known;

    /// <summary>For people, in the order found.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Notes that a key exists.</summary>
    public void Know(string key) => _known.Add(key);

    /// <summary>Notes a broken rule.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="setting">Its value and origin; null where nobody has set it.</param>
    /// <param name="rule">What holds, and what to do.</param>
    public void Add(string key, Setting? setting, string rule) =>
        _problems.Add(setting is null ? $"{key}: {rule}" : $"{key} = {Secrets.Show(setting)} ({setting.Origin}): {rule}");
}
