using System.Text.RegularExpressions;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Conformance;

/// <summary>docs/behaviour.md names specs that exist.</summary>
public partial class BehaviourDocumentSpecs
{
    [Fact]
    public void Every_line_of_its_tables_names_specs_that_exist()
    {
        var methods = typeof(BehaviourDocumentSpecs).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods().Select(method => $"{type.Name}.{method.Name}"))
            .ToHashSet();
        string[] lines =
        [
            .. File.ReadLines(RepositoryFolder.Find("docs", "behaviour.md"))
                .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| what", StringComparison.Ordinal)),
        ];

        lines.Should().NotBeEmpty();
        foreach (var line in lines)
        {
            var names = SpecName().Matches(line).Select(match => match.Groups[1].Value).ToArray();
            names.Should().NotBeEmpty(line);
            names.Where(name => !methods.Contains(name)).Should().BeEmpty();
        }
    }

    [GeneratedRegex(@"`(\w+(?:Specs|Statements)\.\w+)`")]
    private static partial Regex SpecName();
}
