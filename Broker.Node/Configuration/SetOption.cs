namespace Broker.Node.Configuration;

/// <summary><c>--set KEY=VALUE</c>.</summary>
internal static class SetOption
{
    /// <exception cref="InvalidConfigurationException">It is not KEY=VALUE, or the key is nobody's.</exception>
    public static ConfigurationLayer Parse(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            throw Problem($"--set {argument}: there is no '='; write --set KEY=VALUE, for example --set mqtt.listeners.tcp.port=1884.");
        }

        var key = argument[..equals].Trim();
        if (!KeyPath.IsValid(key))
        {
            throw Problem($"--set {argument}: '{key}' is not a key; write it with dots, for example --set mqtt.listeners.tcp.port=1884.");
        }

        return LiteralOrHocon.Assign(key, argument[(equals + 1)..], $"--set {key}");
    }

    private static InvalidConfigurationException Problem(string problem) => new([problem]);
}
