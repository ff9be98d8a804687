using System.Reflection;
using Broker.Protocol.Packets;
using Broker.Specs.Conformance.Statements;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Conformance.Run;

/// <summary>Runs the tagged specs, outside xunit, against whatever broker <see cref="SharedBroker"/> finds.</summary>
internal static class ConformanceRun
{
    private const int AtOnce = 8;

    private static readonly TimeSpan LongestSpec = TimeSpan.FromSeconds(90);

    /// <summary>The outcome of each statement that binds servers and that a spec shows over a socket.</summary>
    /// <param name="only">Ids of the statements to run; empty: all.</param>
    public static async Task<IReadOnlyDictionary<(ProtocolVersion Version, string Id), Outcome>> RunAsync(IReadOnlyCollection<string> only)
    {
        var binding = Statement.All.Where(statement => statement.BindsServers).Select(statement => (statement.Version, statement.Id)).ToHashSet();
        var tags = TaggedSpec.All
            .Where(tag => tag.JudgesBroker && binding.Contains((tag.Version, tag.Id)) && (only.Count == 0 || only.Contains(tag.Id)))
            .ToArray();

        // A spec with several tags of one version runs once for all of them.
        var outcomes = new System.Collections.Concurrent.ConcurrentDictionary<(MethodInfo, ProtocolVersion), Outcome>();
        var specs = tags.DistinctBy(tag => (tag.Method, tag.Version));
        await Parallel.ForEachAsync(
            specs,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (spec, _) => outcomes[(spec.Method, spec.Version)] = await RunAsync(spec));

        return tags
            .GroupBy(tag => (tag.Version, tag.Id))
            .ToDictionary(group => group.Key, group => Outcome.Of(group.Select(tag => outcomes[(tag.Method, tag.Version)])));
    }

    private static async Task<Outcome> RunAsync(TaggedSpec spec)
    {
        if (!spec.UsesAnyBroker)
        {
            return new Outcome(Verdict.Skipped, $"{spec.Name}: needs a broker with settings of its own");
        }

        foreach (var arguments in spec.Runs())
        {
            try
            {
                await RunAsync(spec.Method, arguments).WaitAsync(LongestSpec);
            }
            catch (NotHereException lacking)
            {
                return new Outcome(Verdict.Skipped, OneLine(spec, lacking));
            }
#pragma warning disable CA1031 // whatever a spec throws is its verdict
            catch (Exception failure)
#pragma warning restore CA1031
            {
                return new Outcome(Verdict.NotMet, OneLine(spec, failure));
            }
        }

        return new Outcome(Verdict.Met);
    }

    private static async Task RunAsync(MethodInfo method, object?[] arguments)
    {
        var broker = new SharedBroker();
        await broker.InitializeAsync();
        var instance = Activator.CreateInstance(method.DeclaringType!, broker);
        await (Task)method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
    }

    private static string OneLine(TaggedSpec spec, Exception failure)
    {
        var line = failure.Message.Split('\n', 2)[0].Replace('\t', ' ').Trim();
        return $"{spec.Name}: {(line.Length <= 200 ? line : line[..200] + "…")}";
    }
}
