using Broker.Specs.Cluster.Harness;
using Xunit.Abstractions;

namespace Broker.Specs.Cluster;

/// <summary>One node is primary, every node knows which, and it moves.</summary>
[Collection(ClusterCollection.Name)]
public class PrimarySpecs(ClusterFixture fixture, ITestOutputHelper output)
{
    /// <summary>From the primary's death.</summary>
    private static readonly TimeSpan MovesWithin = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Every_node_names_the_same_primary_and_that_one_says_so_of_itself()
    {
        var cluster = await fixture.WholeAsync();
        var views = await Task.WhenAll(cluster.Nodes.Select(node => node.HaAsync()));

        views.Select(view => (view!.Primary, view.Since, view.Term)).Distinct().Should().ContainSingle();
        views[0]!.Since.Should().BeBefore(DateTimeOffset.UtcNow.AddSeconds(1)).And.BeAfter(DateTimeOffset.UtcNow.AddHours(-2));
        foreach (var (node, view) in cluster.Nodes.Zip(views))
        {
            view!.Role.Should().Be(node.Address == view.Primary ? "primary" : "backup");
        }
    }

    [Fact]
    public async Task Another_node_is_primary_soon_after_it_was_killed_with_a_higher_term()
    {
        var times = new List<double>();
        for (var trial = 0; trial < Repetitions.Of(usual: 1, @long: 20); trial++)
        {
            var cluster = await fixture.WholeAsync();
            var (primary, before) = (await cluster.PrimaryAsync(), await cluster.Nodes[0].HaAsync());
            await primary.KillAsync();

            times.Add((await MovedAsync(cluster, primary, before!, MovesWithin)).TotalSeconds);
        }

        output.WriteLine($"moved within {string.Join(", ", times.Select(time => $"{time:0.0}"))} s");
        times.Order().ElementAt(times.Count / 2).Should().BeLessThan(times.Count > 1 ? 5 : MovesWithin.TotalSeconds, "that is the median");
    }

    [Fact]
    public async Task Another_node_is_primary_as_soon_as_it_left_cleanly()
    {
        var cluster = await fixture.WholeAsync();
        var (primary, before) = (await cluster.PrimaryAsync(), await cluster.Nodes[0].HaAsync());
        (await primary.StopAsync()).Should().Be(0);

        var moved = await MovedAsync(cluster, primary, before!, TimeSpan.FromSeconds(3));

        output.WriteLine($"moved {moved.TotalSeconds:0.0} s after the old primary's process had ended");
    }

    private static Task<TimeSpan> MovedAsync(TestCluster cluster, ClusterNode old, HaView before, TimeSpan limit) => cluster.UntilAsync(
        async () =>
        {
            foreach (var node in cluster.Nodes.Where(node => node != old))
            {
                if (await node.HaAsync() is not { Primary: { } now, Term: var term } || now == old.Address || term <= before.Term)
                {
                    return false;
                }
            }

            return true;
        },
        limit,
        "the other nodes should name another primary with a higher term");
}
