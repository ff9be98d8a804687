namespace Broker.Node.Configuration;

/// <summary>The configuration cannot be used as it is. Says everything that is wrong with it at once.</summary>
internal sealed class InvalidConfigurationException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>For people: each names the key, the value and the rule.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
