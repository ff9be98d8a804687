using Akka.Actor;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Storage;

namespace Broker.Specs.Actors.Clustering.Membership;

public sealed class SolitudeSpecs
{
    private const string Here = "akka.tcp://mqtt@10.0.0.1:4053";
    private const string Elsewhere = "akka.tcp://mqtt@10.0.0.2:4053";

    [Fact]
    public void A_node_that_has_the_cluster_to_itself_may()
    {
        var solitude = Of();

        Look(solitude, times: 3, Node(1, Here), Node(2, Elsewhere, TimeSpan.FromMinutes(1)));

        solitude.Reason.Should().BeEmpty();
    }

    [Fact]
    public void Another_one_at_work_in_the_registry_is_named_from_the_second_look_on()
    {
        var solitude = Of();

        Look(solitude, times: 1, Node(1, Here), Node(2, Elsewhere));
        solitude.Reason.Should().BeEmpty();
        Look(solitude, times: 1, Node(1, Here), Node(2, Elsewhere));

        solitude.Reason.Should().Contain(Elsewhere).And.NotContain(Here);
    }

    [Fact]
    public void So_are_seed_nodes_that_are_not_there()
    {
        var solitude = Of(Here, Elsewhere);

        Look(solitude, times: 2, Node(1, Here));

        solitude.Reason.Should().Contain(Elsewhere).And.Contain("seed-nodes");
    }

    [Fact]
    public void It_ends_when_somebody_joins()
    {
        var solitude = Of();
        Look(solitude, times: 2, Node(1, Here), Node(2, Elsewhere));

        solitude.Look(isAlone: false, [Node(1, Here), Node(2, Elsewhere)]);

        solitude.Reason.Should().BeEmpty();
    }

    private static Solitude Of(params string[] seeds) => new(1, Address.Parse(Here), seeds);

    private static void Look(Solitude solitude, int times, params RegisteredNode[] nodes)
    {
        for (var i = 0; i < times; i++)
        {
            solitude.Look(isAlone: true, nodes);
        }
    }

    private static RegisteredNode Node(long key, string address, TimeSpan age = default) =>
        new(new NodeRegistration(key, address, (int)key, Guid.Empty), IsMember: true, RenewedAt: 1, age);
}
