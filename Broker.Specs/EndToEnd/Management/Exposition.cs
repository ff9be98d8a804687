using System.Globalization;
using System.Text.RegularExpressions;

namespace Broker.Specs.EndToEnd.Management;

/// <summary>What <c>/metrics</c> answered, in Prometheus's text form.</summary>
internal sealed partial class Exposition
{
    private readonly List<Sample> _samples = [];

    private Exposition()
    {
    }

    /// <summary>The types by name.</summary>
    public Dictionary<string, string> Types { get; } = [];

    public static Exposition Parse(string text)
    {
        var exposition = new Exposition();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var parts = line.Split(' ');
                exposition.Types[parts[2]] = parts[3];
            }
            else if (line[0] != '#')
            {
                var match = Line().Match(line);
                match.Success.Should().BeTrue(line);
                exposition._samples.Add(new Sample(
                    match.Groups["name"].Value,
                    Label().Matches(match.Groups["labels"].Value).ToDictionary(label => label.Groups[1].Value, label => label.Groups[2].Value),
                    double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture)));
            }
        }

        return exposition;
    }

    /// <summary>The labels that samples of a metric have, a histogram's own left out.</summary>
    public IEnumerable<string> LabelsOf(string metric) =>
        _samples.Where(sample => Regex.IsMatch(sample.Name, $"^{metric}(_bucket|_sum|_count)?$")).SelectMany(sample => sample.Labels.Keys).Where(label => label != "le").Distinct();

    /// <summary>The value with these labels, given as <c>name=value</c>; fails where there is none.</summary>
    public double Value(string name, params string[] labels) =>
        _samples.Should().ContainSingle(sample => sample.Name == name && labels.All(label => sample.Labels.Contains(KeyValuePair.Create(label.Split('=', 2)[0], label.Split('=', 2)[1]))))
            .Which.Number;

    [GeneratedRegex("^(?<name>[a-zA-Z0-9_:]+)(\\{(?<labels>.*)\\})? (?<value>[^ ]+)$")]
    private static partial Regex Line();

    [GeneratedRegex("([a-zA-Z0-9_]+)=\"([^\"]*)\"")]
    private static partial Regex Label();

    private sealed record Sample(string Name, Dictionary<string, string> Labels, double Number);
}
