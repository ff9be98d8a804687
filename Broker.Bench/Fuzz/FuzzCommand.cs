using System.Text;
using Broker.Specs.Protocol.Fuzz;
using SharpFuzz;

namespace Broker.Bench.Fuzz;

/// <summary>What <c>fuzz.sh</c> is made of: <c>afl-fuzz</c> finds inputs, and this program gives them to the code, of which it has an instrumented copy.</summary>
internal static class FuzzCommand
{
    private const string Usage = """
        fuzz seeds FOLDER             writes what to begin with, a file each, the corpus of the specs included
        fuzz instrument ASSEMBLY      makes the codec in this copy of Broker.Protocol.dll tell where it goes; never do that to one that runs as a broker
        fuzz target                   takes inputs from afl-fuzz; without it one from standard input, and shows the finding
        fuzz collect FOLDER FILE      writes the inputs that are the files of the folder into a corpus
        """;

    private static readonly string[] Instrumented =
    [
        "Broker.Protocol.Codec.", "Broker.Protocol.Topics.", "Broker.Protocol.Transport.Proxy.", "Broker.Protocol.Transport.Channels.PacketReader",
    ];

    public static int Run(string[] args)
    {
        switch (args)
        {
            case ["seeds", var folder]:
                WriteSeeds(folder);
                return 0;
            case ["instrument", var assembly]:
                var types = Fuzzer.Instrument(assembly, name => Instrumented.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)), Options.Value);
                Console.WriteLine($"{types.Count()} types instrumented");
                return 0;
            case ["target"]:
                // In a process of its own: one that hangs or overflows its stack is a finding and not the end.
                Fuzzer.OutOfProcess.Run(input => FuzzOracle.Check(FuzzInput.FromFuzzer(ReadAll(input))));
                return 0;
            case ["collect", var folder, var file]:
                Collect(folder, file);
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static void WriteSeeds(string folder)
    {
        Directory.CreateDirectory(folder);
        var number = 0;
        foreach (var seed in FuzzSeeds.All().Concat(FuzzCorpus.All).DistinctBy(seed => seed.ToString()))
        {
            File.WriteAllBytes(Path.Combine(folder, $"{number++:D5}"), seed.ToFuzzer());
        }
    }

    private static byte[] ReadAll(Stream input)
    {
        using var bytes = new MemoryStream();
        input.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>In an order that does not depend on the folder's, so that what stays the same in the corpus stays where it is.</summary>
    private static void Collect(string folder, string file)
    {
        var lines = Directory.EnumerateFiles(folder).Select(path => FuzzInput.FromFuzzer(File.ReadAllBytes(path)).ToString()).Distinct().Order(StringComparer.Ordinal);
        File.WriteAllText(file, string.Concat(lines.Select(line => line + "\n")), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }
}
