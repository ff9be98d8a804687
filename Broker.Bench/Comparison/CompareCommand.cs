using System.Globalization;

namespace Broker.Bench.Comparison;

/// <summary>
/// <c>compare --mqload PATH [--runs N] [--peer NAME=COMMAND]… [--only TEXT]</c>: what a message costs here and with the peers that are there, in turns within one run, as a Markdown table. Mosquitto takes
/// part where it is installed; a peer's command is a line for bash that runs it in the foreground on <c>$PORT</c> of 127.0.0.1, with a folder of its own in <c>$DATA</c>.
/// </summary>
internal static class CompareCommand
{
    private const int FirstPort = 21883;

    public static async Task<int> RunAsync(string[] args)
    {
        if (Value(args, "--mqload") is not { } path || !File.Exists(path))
        {
            await Console.Error.WriteLineAsync("compare --mqload PATH [--runs N] [--peer NAME=COMMAND]… [--only TEXT]: PATH is the load generator, which has to be there.");
            return 2;
        }

        int runs = int.Parse(Value(args, "--runs") ?? "5", CultureInfo.InvariantCulture);
        string only = Value(args, "--only") ?? "";
        Scenario[] scenarios = [.. Scenario.All.Where(scenario => scenario.Arguments.Contains(only, StringComparison.Ordinal))];
        Contender[] contenders = [Contender.Ours, .. Installed(), .. Peers(args)];
        var figures = new Figures(contenders, scenarios);
        await RunAllAsync(new Mqload(path), figures, contenders, [.. scenarios.Where(static scenario => !scenario.NeedsFreshBroker)], runs);
        foreach (Scenario scenario in scenarios.Where(static scenario => scenario.NeedsFreshBroker))
        {
            for (int run = 0; run < runs; run++)
            {
                await RunAllAsync(new Mqload(path), figures, contenders, [scenario], runs: 1);
            }
        }

        Console.WriteLine(figures.ToMarkdown());
        return 0;
    }

    private static async Task RunAllAsync(Mqload mqload, Figures figures, Contender[] contenders, Scenario[] scenarios, int runs)
    {
        var brokers = new List<Runner>();
        try
        {
            foreach (Contender contender in contenders)
            {
                brokers.Add(await contender.StartAsync(FirstPort + brokers.Count));
            }

            for (int run = 0; run < runs; run++)
            {
                foreach (Scenario scenario in scenarios)
                {
                    foreach (Runner broker in brokers)
                    {
                        double? figure = await mqload.RunAsync(scenario, broker);
                        figures.Add(broker.Contender, scenario, figure);
                        await Console.Error.WriteLineAsync($"{broker.Contender.Name}: {scenario.Arguments}: {figure?.ToString("0.00", CultureInfo.InvariantCulture) ?? "busy"}");
                    }
                }
            }
        }
        finally
        {
            brokers.ForEach(static broker => broker.Dispose());
        }
    }

    private static Contender[] Installed() =>
        ((string[])["/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto"]).Any(File.Exists) ? [Contender.Mosquitto] : [];

    private static IEnumerable<Contender> Peers(string[] args) =>
        from index in Enumerable.Range(0, Math.Max(args.Length - 1, 0))
        where args[index] == "--peer"
        let parts = args[index + 1].Split('=', 2)
        where parts.Length == 2
        select new Contender(parts[0], parts[1]);

    private static string? Value(string[] args, string name) => Array.IndexOf(args, name) is var index && index >= 0 && index + 1 < args.Length ? args[index + 1] : null;
}
