using System.Globalization;
using System.Text.Json;

namespace Broker.Bench.Gate;

/// <summary>
/// <c>gate FILE [--store]</c>: what one operation allocates, beside the stored figures. Bytes and not seconds: they are the same on every machine, however busy. Exit code 1 where
/// an operation allocates more than is stored, or less: then store it, so that it stays so. Without <c>DOTNET_TieredPGO=0</c> in its environment it refuses: what the JIT has seen of a run decides now
/// and then that an object may be on the stack.
/// </summary>
internal static class GateCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    // Fractions come from tables that grow once in a while.
    private const double Tolerance = 0.5;

    public static int Run(string[] args)
    {
        if (args is not [var file, .. var rest] || rest is not ([] or ["--store"]))
        {
            Console.Error.WriteLine("gate FILE [--store]: FILE has the stored figures, Broker.Bench/figures.json");
            return 2;
        }

        if (Environment.GetEnvironmentVariable("DOTNET_TieredPGO") != "0")
        {
            Console.Error.WriteLine("gate: set DOTNET_TieredPGO=0, as the stored figures were measured");
            return 2;
        }

        // Full optimization comes after some thirty runs and a moment: the least of many is taken of code that has had both.
        var measured = new SortedDictionary<string, double>(StringComparer.Ordinal);
        for (int pass = 0; pass < 3; pass++)
        {
            foreach (Measurement measurement in Measurements.All())
            {
                double bytes = Math.Round(measurement.BytesEach(), 1);
                measured[measurement.Name] = measured.TryGetValue(measurement.Name, out double before) ? Math.Min(before, bytes) : bytes;
            }
        }

        if (rest is ["--store"])
        {
            File.WriteAllText(file, JsonSerializer.Serialize(measured, Indented) + "\n");
            return 0;
        }

        return Compare(measured, JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(file))!);
    }

    private static int Compare(SortedDictionary<string, double> measured, Dictionary<string, double> stored)
    {
        int differences = 0;
        foreach ((string name, double bytes) in measured)
        {
            bool isKnown = stored.Remove(name, out double expected);
            bool isSame = isKnown && Math.Abs(bytes - expected) <= Tolerance;
            differences += isSame ? 0 : 1;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{(isSame ? "same " : "DIFFERS")} {name}: {bytes} bytes{(isSame ? "" : isKnown ? $", stored {expected}" : ", nothing stored")}"));
        }

        foreach (string name in stored.Keys)
        {
            differences++;
            Console.WriteLine($"DIFFERS {name}: stored, and measured no more");
        }

        return differences == 0 ? 0 : 1;
    }
}
