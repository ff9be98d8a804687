using System.Collections;
using Broker.Node.Configuration;

namespace Broker.Specs.Node.Configuration;

/// <summary>Configurations for specs, over the shipped reference.conf and standalone.conf.</summary>
internal static class Given
{
    /// <summary>The layers with some <c>--set</c> on top.</summary>
    public static LayeredConfiguration Sets(params string[] sets) => ConfigurationLoader.Load([], sets, new Hashtable());

    /// <summary>The typed options with some <c>--set</c> on top.</summary>
    public static NodeOptions Options(params string[] sets) => NodeSettings.Read(Sets(sets), "0.0.0");

    /// <summary>What is wrong with some <c>--set</c>.</summary>
    public static IReadOnlyList<string> Problems(params string[] sets)
    {
        var read = () => Options(sets);
        return read.Should().Throw<InvalidConfigurationException>().Which.Problems;
    }

    /// <summary>The only thing that is wrong.</summary>
    public static string Problem(params string[] sets) => Problems(sets).Should().ContainSingle().Which;
}
