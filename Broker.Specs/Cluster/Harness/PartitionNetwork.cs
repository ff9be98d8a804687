using System.Globalization;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Cluster.Harness;

/// <summary>A network namespace for each node, joined by a bridge; links can be cut. What an earlier run left behind is taken down first.</summary>
internal sealed class PartitionNetwork : IAsyncDisposable
{
    private static readonly string Script = RepositoryFolder.Find("docker", "local", "network.sh");

    // Named after this process, so that a later run knows whose it was.
    private readonly string _name = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
    private readonly string _subnet = string.Create(
        CultureInfo.InvariantCulture, $"10.{100 + (Environment.ProcessId / 256 % 100)}.{Environment.ProcessId % 256}");

    /// <summary>The machine's address that the database listens on.</summary>
    public string DatabaseHost => _subnet + ".253";

    /// <summary>Makes it.</summary>
    /// <exception cref="InvalidOperationException">This is not Linux, or not root.</exception>
    public static async Task<PartitionNetwork> CreateAsync(int nodes)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            throw new InvalidOperationException("Partitions are made with network namespaces, which need Linux and root: run test.sh as root or with sudo.");
        }

        var network = new PartitionNetwork();
        await RunAsync("sweep");
        await RunAsync("up", network._name, network._subnet, Text(nodes));
        return network;
    }

    /// <summary>Where a node lives.</summary>
    public NodePlace Place(int number) => new(number, $"{_subnet}.{number}", 1883, 8082, 4053, $"mq{_name}-{number}");

    /// <summary>Nothing passes between the two nodes any more, and nobody is told.</summary>
    public Task CutAsync(int node, int other) => RunAsync("cut", _name, Text(node), Text(other));

    /// <summary>The node does not reach the database any more.</summary>
    public Task CutFromDatabaseAsync(int node) => RunAsync("cut", _name, Text(node), "db");

    /// <summary>Everything reaches everything.</summary>
    public Task HealAsync() => RunAsync("heal", _name);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await RunAsync("down", _name);

    private static async Task RunAsync(params string[] arguments) => await ChildProcess.RunAsync("bash", [Script, .. arguments]);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
