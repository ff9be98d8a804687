using System.Text.RegularExpressions;
using Broker.Actors.Security;
using Broker.Node.Configuration;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Node.Configuration;

/// <summary>docs/migrating.md names settings and rules that there are.</summary>
public class MigratingDocumentSpecs
{
    private static readonly string Document = File.ReadAllText(RepositoryFolder.Find("docs", "migrating.md"));

    [Fact]
    public void Every_setting_that_it_names_exists()
    {
        var keys = new[] { "reference.conf", "cluster.conf" }
            .Select(name => File.ReadAllText(RepositoryFolder.Find("hocon", name)))
            .SelectMany(text => new LayeredConfiguration([HoconSource.Text(text, "a file")]).Settings)
            .Select(setting => setting.Key).ToHashSet();

        var named = Regex.Matches(Document, "`((?:mqtt|akka)\\.[a-zA-Z0-9.-]+)").Select(match => match.Groups[1].Value).Distinct().ToList();

        named.Should().HaveCountGreaterThan(40).And.OnlyContain(name => keys.Contains(name) || keys.Any(key => key.StartsWith(name + ".", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_rule_that_it_shows_is_one()
    {
        var rules = Regex.Matches(Document, "`((?:allow|deny) [^`]+)`").Select(match => match.Groups[1].Value).ToList();

        rules.Should().HaveCount(6).And.OnlyContain(rule => IsRule(rule));
    }

    private static bool IsRule(string text) => AccessRule.TryParse(text, out _, out _);
}
