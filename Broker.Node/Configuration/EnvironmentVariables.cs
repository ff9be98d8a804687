using System.Collections;

namespace Broker.Node.Configuration;

/// <summary><c>MQTT__LIMITS__MAX_PACKET_SIZE</c> is <c>mqtt.limits.max-packet-size</c>.</summary>
internal static class EnvironmentVariables
{
    private const string Prefix = "MQTT__";

    /// <summary>A layer for each variable that begins with MQTT__ (in capitals or not), by name.</summary>
    public static IEnumerable<ConfigurationLayer> Layers(IDictionary variables) =>
        from DictionaryEntry variable in variables
        let name = (string)variable.Key
        where name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        orderby name
        select Layer(name, (string?)variable.Value ?? "");

    /// <summary>The key that a variable sets.</summary>
    public static string Key(string variable)
    {
#pragma warning disable CA1308 // Keys are in lower case.
        var parts = variable.Split("__").Select(part => part.Replace('_', '-').ToLowerInvariant());
#pragma warning restore CA1308
        return string.Join('.', parts);
    }

    private static ConfigurationLayer Layer(string name, string value)
    {
        var key = Key(name);
        return KeyPath.IsValid(key)
            ? LiteralOrHocon.Assign(key, value, $"environment variable {name}")
            : throw new InvalidConfigurationException(
                [$"environment variable {name}: names no key; write \"__\" for a dot and \"_\" for a hyphen, as in MQTT__LIMITS__MAX_PACKET_SIZE."]);
    }
}
