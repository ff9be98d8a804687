using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Broker.Bench.Comparison;

/// <summary>The load generator: one JSON object for a run.</summary>
/// <param name="Path">Of the program.</param>
internal sealed record Mqload(string Path)
{
    /// <summary>Null: the machine was busy with something else.</summary>
    /// <exception cref="InvalidOperationException">Messages were lost, or the broker was not reached.</exception>
    public async Task<double?> RunAsync(Scenario scenario, Runner broker)
    {
        string[] arguments =
        [
            .. scenario.Arguments.Split(' '), "--size", "64", "--quiet", "--port", Text(broker.Port), "--broker-pid", Text(broker.Process.Id),
            "--duration", Text(scenario.Seconds), "--warmup", "1",
        ];
        using Process process = Process.Start(new ProcessStartInfo(Path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> problem = process.StandardError.ReadToEndAsync();
        string answer = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"mqload {string.Join(' ', arguments)}: exit code {process.ExitCode} {await problem} {answer}");
        }

        using JsonDocument result = JsonDocument.Parse(answer);
        JsonElement root = result.RootElement;
        JsonElement figure = root.TryGetProperty(scenario.Figure, out JsonElement common) ? common : root.GetProperty("details").GetProperty(scenario.Figure);
        return root.GetProperty("other_cpu_cores") is { ValueKind: JsonValueKind.Number } busy && busy.GetDouble() > scenario.MostBusy
            ? null
            : figure.GetDouble() / scenario.Scale;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
