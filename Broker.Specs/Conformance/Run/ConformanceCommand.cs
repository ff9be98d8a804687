using System.Globalization;
using Broker.Specs.Conformance.Statements;
using Broker.Specs.Conformance.Table;

namespace Broker.Specs.Conformance.Run;

/// <summary>The command line of the conformance suite.</summary>
public static class ConformanceCommand
{
    private const string Usage = """
        conformance --table FILE            writes the table of statements and specs
        conformance [--endpoint HOST:PORT]  runs the specs against the broker there; without an endpoint against our own, started for it
            --only ID                       this statement only; may be repeated
            --save FILE --name NAME         keeps the results for the table, under the broker's name and version
        """;

    /// <summary>0: every statement that was run is met; 1: some are not; 2: usage.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (!TryParse(arguments, out var options))
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        if (options.GetValueOrDefault("--table") is [var table])
        {
            await File.WriteAllTextAsync(table, new ConformanceTable(PeerResults.In(Paths.Peers)).Write());
            return 0;
        }

        if (options.GetValueOrDefault("--endpoint") is [var endpoint])
        {
            Environment.SetEnvironmentVariable("MQTT_SPECS_ENDPOINT", endpoint);
        }

        var outcomes = await ConformanceRun.RunAsync(options.GetValueOrDefault("--only") ?? []);
        foreach (var statement in Statement.All)
        {
            if (outcomes.TryGetValue((statement.Version, statement.Id), out var outcome))
            {
                Console.WriteLine($"{Statement.Name(statement.Version),-5} {statement.Id,-14} {Outcome.Text(outcome.Verdict),-7} {outcome.Why}");
            }
        }

        var counts = outcomes.Values.CountBy(outcome => outcome.Verdict).ToDictionary();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{counts.GetValueOrDefault(Verdict.Met)} met, {counts.GetValueOrDefault(Verdict.NotMet)} not met, {counts.GetValueOrDefault(Verdict.Skipped)} skipped"));
        if (options.GetValueOrDefault("--save") is [var file] && options.GetValueOrDefault("--name") is [var name])
        {
            PeerResults.Write(file, name, TimeProvider.System.GetUtcNow(), outcomes);
        }

        return counts.ContainsKey(Verdict.NotMet) ? 1 : 0;
    }

    private static bool TryParse(string[] arguments, out Dictionary<string, List<string>> options)
    {
        options = [];
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (arguments[i] is not ("--table" or "--endpoint" or "--only" or "--save" or "--name") || i + 1 == arguments.Length)
            {
                return false;
            }

            if (!options.TryGetValue(arguments[i], out var values))
            {
                options[arguments[i]] = values = [];
            }

            values.Add(arguments[i + 1]);
        }

        return true;
    }
}
