namespace Broker.Specs.Protocol.Fuzz;

/// <summary>
/// The inputs by which the fuzzer reached something new, as few as reach all of it. <c>Broker.Bench/Fuzz/fuzz.sh</c> finds more of them;
/// <c>docs/reliability.md</c> says how.
/// </summary>
internal static class FuzzCorpus
{
    private const string Name = "Broker.Specs.Protocol.Fuzz.corpus.txt";

    public static IReadOnlyList<FuzzInput> All { get; } = Read();

    private static FuzzInput[] Read()
    {
        using var stream = typeof(FuzzCorpus).Assembly.GetManifestResourceStream(Name)
            ?? throw new InvalidOperationException($"The assembly holds no {Name}.");
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(FuzzInput.Parse)];
    }
}
