using System.Text.RegularExpressions;
using Broker.Node.Configuration;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Node.Configuration;

/// <summary>The table of settings in docs/security.md, against reference.conf.</summary>
public sealed partial class SecurityDocumentSpecs
{
    private static readonly string[] Whole = ["mqtt.security.", "mqtt.bans.", "mqtt.management.", "mqtt.listeners.tls.tls."];

    private static readonly Dictionary<string, string> Defaults =
        new LayeredConfiguration([HoconSource.Text(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hocon", "reference.conf")), "reference.conf")])
            .Settings.ToDictionary(setting => setting.Key, setting => HoconText.Show(setting.Value));

    private static readonly Dictionary<string, string> Documented =
        File.ReadLines(RepositoryFolder.Find("docs", "security.md")).Select(line => Row().Match(line)).Where(row => row.Success)
            .ToDictionary(row => "mqtt." + row.Groups["key"].Value, row => row.Groups["default"].Value.Trim());

    [Fact]
    public void It_has_every_setting_of_security_bans_management_and_TLS() =>
        Defaults.Keys.Where(key => Whole.Any(block => key.StartsWith(block, StringComparison.Ordinal))).Except(Documented.Keys).Should().BeEmpty();

    [Fact]
    public void Every_setting_that_it_has_is_one_and_has_its_default()
    {
        Documented.Should().HaveCountGreaterThan(50);
        foreach (var (key, value) in Documented.Where(row => !row.Key.StartsWith("mqtt.management.tokens.", StringComparison.Ordinal)))
        {
            Defaults.Should().ContainKey(key);
            Same(value).Should().Be(Same(Defaults[key]), key);
        }
    }

    /// <summary>Switches are written in two ways, text with quotes or without, and an empty list is shown as nothing.</summary>
    private static string Same(string value) => value.Replace("\"", "", StringComparison.Ordinal) switch
    {
        "on" => "true",
        "off" => "false",
        "[]" => "",
        var text => text,
    };

    [GeneratedRegex(@"^\| `(?<key>(security|bans|limits|listeners|management)\.[A-Za-z0-9.-]+)` \|(?<default>[^|]*)\|[^|]+\|$")]
    private static partial Regex Row();
}
