using System.Globalization;

namespace Broker.Bench.Comparison;

/// <summary>The runs of each broker in each scenario, and the table of their medians.</summary>
internal sealed class Figures(IReadOnlyList<Contender> contenders, IReadOnlyList<Scenario> scenarios)
{
    private readonly Dictionary<(Contender, Scenario), List<double>> _runs = [];
    private int _busy;

    /// <param name="broker">Whose run it was.</param>
    /// <param name="scenario">Of what.</param>
    /// <param name="figure">Null: left out, since the machine was busy.</param>
    public void Add(Contender broker, Scenario scenario, double? figure)
    {
        if (figure is not { } value)
        {
            _busy++;
            return;
        }

        if (!_runs.TryGetValue((broker, scenario), out List<double>? runs))
        {
            _runs.Add((broker, scenario), runs = []);
        }

        runs.Add(value);
    }

    /// <summary>In Markdown; ratios are ours to the peer's.</summary>
    public string ToMarkdown()
    {
        Contender ours = contenders[0];
        Contender[] peers = [.. contenders.Skip(1)];
        var lines = new List<string>
        {
            $"| `mqload` scenario | {ours.Name} | {string.Join(" | ", peers.Select(static peer => $"{peer.Name} | ratio"))} |",
            "|---|---|" + string.Concat(peers.Select(static _ => "---|---|")),
        };
        foreach (Scenario scenario in scenarios)
        {
            double? own = Median(ours, scenario);
            IEnumerable<string> cells = peers.Select(peer => Median(peer, scenario) is { } theirs
                ? $"{Text(theirs)} | {(own is { } mine ? $"**{Text(mine / theirs)}**" : "–")}"
                : "– | –");
            lines.Add($"| `{scenario.Arguments}` | {Spread(ours, scenario)} | {string.Join(" | ", cells)} |");
        }

        lines.Add("");
        lines.Add($"µs of broker CPU per delivered message (`churn`: per connect, subscribe and disconnect; `idle`: KB a connection), medians. {_busy} runs were left out because the machine was busy with something else.");
        return string.Join('\n', lines);
    }

    private string Spread(Contender broker, Scenario scenario) => Median(broker, scenario) is { } median
        ? $"{Text(median)} ({Text(_runs[(broker, scenario)].Min())} – {Text(_runs[(broker, scenario)].Max())})"
        : "no quiet run";

    private double? Median(Contender broker, Scenario scenario) =>
        _runs.TryGetValue((broker, scenario), out List<double>? runs) ? runs.Order().ElementAt(runs.Count / 2) : null;

    private static string Text(double figure) => figure.ToString(figure < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
