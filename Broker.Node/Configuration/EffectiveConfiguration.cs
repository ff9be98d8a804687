using Broker.Node.Management.Api;

namespace Broker.Node.Configuration;

/// <summary>What <c>Broker.Node config</c> prints.</summary>
internal static class EffectiveConfiguration
{
    /// <summary>Every value in effect, <c>mqtt</c> first, with what is secret masked.</summary>
    public static IEnumerable<SettingRow> Rows(LayeredConfiguration configuration) =>
        from setting in configuration.Settings
        orderby setting.Path[0] == "mqtt" ? 0 : 1, setting.Key
        select new SettingRow(setting.Key, Secrets.Show(setting), setting.Origin);

    /// <summary>A line for each value in effect, <c>mqtt</c> first, with its origin behind it. Itself HOCON, but for what is masked.</summary>
    public static IEnumerable<string> Lines(LayeredConfiguration configuration) =>
        Rows(configuration).Select(static row => $"{row.Key} = {row.Value}  # {row.Origin}");
}
