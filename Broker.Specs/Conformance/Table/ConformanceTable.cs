using System.Text;
using Broker.Protocol.Packets;
using Broker.Specs.Conformance.Run;
using Broker.Specs.Conformance.Statements;

namespace Broker.Specs.Conformance.Table;

/// <summary>Writes docs/conformance.md from the statements, the tags of the specs and the runs against other brokers.</summary>
internal sealed class ConformanceTable(IReadOnlyList<PeerResults> peers)
{
    private readonly ILookup<(ProtocolVersion Version, string Id), TaggedSpec> _specs = TaggedSpec.All.ToLookup(tag => (tag.Version, tag.Id));
    private readonly StringBuilder _text = new();

    /// <summary>The whole document.</summary>
    public string Write()
    {
        _text.Clear();
        Introduce();
        foreach (var version in (ProtocolVersion[])[ProtocolVersion.V311, ProtocolVersion.V5])
        {
            _text.Append($"\n## MQTT {Statement.Name(version)}\n");
            foreach (var section in Statement.All.Where(statement => statement.Version == version).GroupBy(statement => statement.Section))
            {
                WriteSection(section.Key, section);
            }
        }

        WriteDifferences();
        return _text.ToString();
    }

    private void Introduce()
    {
        _text.Append("# Conformance\n\n");
        _text.Append(
            """
            Every normative statement of MQTT 3.1.1 and MQTT 5.0 by its id, what it asks for in our words, and the specs that show it. A statement that
            binds a server has at least one spec that drives the broker over a real socket with raw packets; the specs are in
            `Broker.Specs/Conformance` and run with all others (`bash test.sh --filter FullyQualifiedName~Conformance`).

            This file is generated. A spec fails where it is stale, or where a statement that binds servers has no spec.

                dotnet run -c Release --project Broker.Bench -- conformance --table docs/conformance.md
                dotnet run -c Release --project Broker.Bench -- conformance --endpoint HOST:PORT

            The second line runs the same specs against any broker, and prints met, not met or skipped for each id. Skipped: the spec needs
            settings of ours, or something that the standard leaves to the broker and that one does not have.
            **–**: the statement binds clients only; where it has a spec, that shows what the broker or our codec does with clients that break it.
            **\***: the statement binds whoever sends, and the spec shows what our broker does with a client that breaks it, which the standard leaves
            open; other brokers are not asked.

            """);
        _text.Append("\n| | statements | bind servers |");
        foreach (var column in Columns())
        {
            _text.Append($" {column} |");
        }

        _text.Append("\n|---|--:|--:|").Append(string.Concat(Columns().Select(_ => "--:|"))).Append('\n');
        foreach (var version in Statement.All.GroupBy(statement => statement.Version))
        {
            var binding = version.Where(statement => statement.BindsServers).ToArray();
            _text.Append($"| MQTT {Statement.Name(version.Key)} | {version.Count()} | {binding.Length} | {Summary(binding.Select(Ours))} |");
            foreach (var peer in peers)
            {
                _text.Append($" {Summary(binding.Select(statement => Theirs(peer, statement)))} |");
            }

            _text.Append('\n');
        }

        if (peers.Count > 0)
        {
            _text.Append($"\nOther brokers in their default configuration, as of {string.Join(", ", peers.Select(peer => $"{peer.Name}: {peer.Date}"))}.\n");
        }
    }

    private void WriteSection(string name, IEnumerable<Statement> statements)
    {
        _text.Append($"\n### {name}\n\n| id | binds | gist |");
        foreach (var column in Columns())
        {
            _text.Append($" {column} |");
        }

        _text.Append(" specs |\n|---|---|---|").Append(string.Concat(Columns().Select(_ => "---|"))).Append("---|\n");
        foreach (var statement in statements)
        {
            _text.Append($"| {statement.Id} | {statement.Binds.ToString().ToLowerInvariant()} | {statement.Gist.Replace("|", "\\|", StringComparison.Ordinal)} | {Ours(statement)} |");
            foreach (var peer in peers)
            {
                _text.Append($" {Theirs(peer, statement)} |");
            }

            _text.Append($" {string.Join(", ", Specs(statement))} |\n");
        }
    }

    private void WriteDifferences()
    {
        foreach (var peer in peers)
        {
            _text.Append($"\n## What {peer.Name} does not meet\n\n");
            var failures = Statement.All
                .Where(statement => Theirs(peer, statement) == Outcome.Text(Verdict.NotMet))
                .GroupBy(statement => peer.Outcomes[(statement.Version, statement.Id)].Why);
            foreach (var failure in failures)
            {
                var ids = failure.GroupBy(
                    statement => statement.Version,
                    (version, statements) => $"{Statement.Name(version)} {string.Join(", ", statements.Select(statement => statement.Id))}");
                _text.Append($"- {string.Join("; ", ids)}: {failure.Key.Replace("<", "&lt;", StringComparison.Ordinal)}\n");
            }
        }
    }

    private string[] Columns() => ["Akka.Mqtt", .. peers.Select(peer => peer.Name)];

    private string Ours(Statement statement)
    {
        var key = (statement.Version, statement.Id);
        return !statement.BindsServers ? "–"
            : Exceptions.Inapplicable.TryGetValue(key, out var reason) ? $"does not apply: {reason}"
            : _specs[key].Any(tag => tag.JudgesBroker) ? "met" : "not met: no spec";
    }

    private static string Theirs(PeerResults peer, Statement statement) =>
        !statement.BindsServers ? "–"
        : peer.Outcomes.TryGetValue((statement.Version, statement.Id), out var outcome) ? Outcome.Text(outcome.Verdict) : "not run";

    private static string Summary(IEnumerable<string> verdicts)
    {
        var counts = verdicts.CountBy(verdict => verdict.Split(':')[0]).ToDictionary();
        return string.Join(", ", from verdict in (string[])["met", "not met", "does not apply", "skipped", "not run"]
                                 where counts.ContainsKey(verdict)
                                 select $"{counts[verdict]} {verdict}");
    }

    private IEnumerable<string> Specs(Statement statement) =>
        _specs[(statement.Version, statement.Id)].OrderBy(tag => tag.IsOurAnswer).Select(tag => $"`{tag.Name}`{(tag.IsOurAnswer ? "*" : "")}").Distinct();
}
