using System.Text.RegularExpressions;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Management;

/// <summary>The tables of docs/metrics.md.</summary>
internal static partial class MetricsDocument
{
    /// <summary>A row each.</summary>
    public static IReadOnlyList<DocumentedMetric> Read() =>
        [.. File.ReadLines(RepositoryFolder.Find("docs", "metrics.md")).Select(line => Row().Match(line)).Where(row => row.Success).Select(row => new DocumentedMetric(
            row.Groups["name"].Value,
            row.Groups["type"].Value,
            [.. Label().Matches(row.Groups["labels"].Value).Select(label => label.Groups[1].Value)],
            row.Groups["unit"].Value.Trim(),
            row.Groups["meaning"].Value.Trim()))];

    [GeneratedRegex(@"^\| `(?<name>[a-z0-9_]+)` \| (?<type>\w+) \|(?<labels>[^|]*)\|(?<unit>[^|]*)\|(?<meaning>[^|]*)\|[^|]*\|$")]
    private static partial Regex Row();

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Label();
}

/// <summary>What the document says of a metric.</summary>
internal sealed record DocumentedMetric(string Name, string Type, IReadOnlyList<string> Labels, string Unit, string Meaning)
{
    /// <summary>A node by itself has none.</summary>
    public bool IsOfCluster => Meaning.Contains("Only where there are other nodes.", StringComparison.Ordinal);

    /// <summary>It is there once something has happened that a spec cannot make happen.</summary>
    public bool IsOfLastCollection => Name.Contains("_last_collection_", StringComparison.Ordinal);

    /// <summary>What a query may name.</summary>
    public IEnumerable<string> Series => Type == "histogram" ? [Name + "_bucket", Name + "_sum", Name + "_count"] : [Name];
}
