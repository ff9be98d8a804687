using System.Collections;

namespace Broker.Node.Configuration;

/// <summary>Reads the sources in their order: later ones win.</summary>
internal static class ConfigurationLoader
{
    /// <summary><c>reference.conf</c>, <c>standalone.conf</c> if no file is given, each file, the environment, each <c>--set</c>.</summary>
    /// <param name="files">Of <c>--config</c>.</param>
    /// <param name="sets">Of <c>--set</c>.</param>
    /// <param name="environment">As <see cref="Environment.GetEnvironmentVariables()"/> has it.</param>
    /// <exception cref="InvalidConfigurationException">A source cannot be read; all of them are tried first.</exception>
    public static LayeredConfiguration Load(IReadOnlyList<string> files, IReadOnlyList<string> sets, IDictionary environment)
    {
        var shipped = Path.Combine(AppContext.BaseDirectory, "hocon");
        List<Func<IEnumerable<ConfigurationLayer>>> sources = [() => [HoconSource.File(Path.Combine(shipped, "reference.conf"), "reference.conf")]];
        if (files.Count == 0)
        {
            sources.Add(() => [HoconSource.File(Path.Combine(shipped, "standalone.conf"), "standalone.conf")]);
        }

        sources.AddRange(files.Select(file => (Func<IEnumerable<ConfigurationLayer>>)(() => [HoconSource.File(file, file)])));
        sources.Add(() => EnvironmentVariables.Layers(environment));
        sources.AddRange(sets.Select(set => (Func<IEnumerable<ConfigurationLayer>>)(() => [SetOption.Parse(set)])));

        var layers = new List<ConfigurationLayer>();
        var problems = new List<string>();
        foreach (var source in sources)
        {
            try
            {
                layers.AddRange(source());
            }
            catch (InvalidConfigurationException problem)
            {
                problems.AddRange(problem.Problems);
            }
        }

        return problems.Count == 0 ? new LayeredConfiguration(layers) : throw new InvalidConfigurationException(problems);
    }
}
