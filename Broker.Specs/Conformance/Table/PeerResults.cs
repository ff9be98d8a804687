using System.Globalization;
using Broker.Protocol.Packets;
using Broker.Specs.Conformance.Run;
using Broker.Specs.Conformance.Statements;

namespace Broker.Specs.Conformance.Table;

/// <summary>
/// A run against another broker, kept as a file: a line with name and version and a line with the date, both behind #, then a line for each
/// statement: version, id, verdict and reason, with tabs between.
/// </summary>
internal sealed class PeerResults
{
    private PeerResults(string name, string date, IReadOnlyDictionary<(ProtocolVersion Version, string Id), Outcome> outcomes)
    {
        Name = name;
        Date = date;
        Outcomes = outcomes;
    }

    /// <summary>The broker and its version.</summary>
    public string Name { get; }

    /// <summary>The day of the run.</summary>
    public string Date { get; }

    /// <summary>By statement.</summary>
    public IReadOnlyDictionary<(ProtocolVersion Version, string Id), Outcome> Outcomes { get; }

    /// <summary>All results in the folder, by file name.</summary>
    public static IReadOnlyList<PeerResults> In(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.tsv").Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>Writes a run.</summary>
    public static void Write(
        string file, string name, DateTimeOffset date, IReadOnlyDictionary<(ProtocolVersion Version, string Id), Outcome> outcomes)
    {
        var lines =
            from statement in Statement.All
            let key = (statement.Version, statement.Id)
            where outcomes.ContainsKey(key)
            let outcome = outcomes[key]
            select $"{Statement.Name(statement.Version)}\t{statement.Id}\t{Outcome.Text(outcome.Verdict)}\t{outcome.Why}".TrimEnd();
        File.WriteAllLines(file, ["# " + name, string.Create(CultureInfo.InvariantCulture, $"# {date:yyyy-MM-dd}"), .. lines]);
    }

    private static PeerResults Read(string file)
    {
        var lines = File.ReadAllLines(file);
        var outcomes = lines.Skip(2).Select(line => line.Split('\t')).ToDictionary(
            fields => (Statement.Parse(fields[0]), fields[1]),
            fields => new Outcome(Outcome.Parse(fields[2]), fields.ElementAtOrDefault(3) ?? ""));
        return new PeerResults(lines[0][2..], lines[1][2..], outcomes);
    }
}
