using System.Diagnostics;
using Broker.Specs.Cluster.Harness;
using Xunit.Abstractions;

namespace Broker.Specs.Cluster;

/// <summary>Nodes that start at the same time find each other.</summary>
[Collection(ClusterCollection.Name)]
public class FormingSpecs(ClusterFixture fixture, ITestOutputHelper output)
{
    [Fact]
    public async Task Nodes_that_start_together_form_one_cluster_again_and_again()
    {
        var cluster = await fixture.WholeAsync();
        for (var start = 1; start <= Repetitions.Of(usual: 2, @long: 10); start++)
        {
            // Some by kill: what they leave in the database must not keep the next ones apart.
            await Task.WhenAll(cluster.Nodes.Select(node => start % 2 == 0 ? node.StopAsync() : node.KillAsync()));
            var clock = Stopwatch.StartNew();
            await cluster.MakeWholeAsync();
            output.WriteLine($"start {start}: one cluster of three, ready, after {clock.Elapsed.TotalSeconds:0.0} s");
        }
    }
}
