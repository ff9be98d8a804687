using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Conformance.Table;

/// <summary>Where the table and what goes into it are kept.</summary>
internal static class Paths
{
    /// <summary>The table.</summary>
    public static string Table => Path.Combine(RepositoryFolder.Find("docs"), "conformance.md");

    /// <summary>Results of runs against other brokers.</summary>
    public static string Peers => RepositoryFolder.Find("Broker.Specs", "Conformance", "Peers");
}
