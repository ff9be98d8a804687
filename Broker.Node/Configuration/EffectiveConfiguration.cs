namespace Broker.Node.Configuration;

/// <summary>What <c>Broker.Node config</c> prints.</summary>
internal static class EffectiveConfiguration
{
    /// <summary>A line for each value in effect, <c>mqtt</c> first, with its origin behind it. Itself HOCON, but for what is masked.</summary>
    public static IEnumerable<string> Lines(LayeredConfiguration configuration) =>
        from setting in configuration.Settings
        orderby setting.Path[0] == "mqtt" ? 0 : 1, setting.Key
        select $"{setting.Key} = {Secrets.Show(setting)}  # {setting.Origin}";
}
