using Broker.Actors.Hosting;
using Broker.Node.Configuration;

namespace Broker.Specs.Node.Configuration;

public sealed class ClusterSettingsSpecs
{
    private const string Database = """mqtt.storage { provider = postgresql, connection-string = "Host=somewhere" }""";

    [Fact]
    public void A_node_is_by_itself_unless_told_otherwise()
    {
        Read("").IsClustered.Should().BeFalse();
    }

    [Fact]
    public void Discovery_makes_a_cluster()
    {
        var options = Read($"mqtt.cluster {{ discovery = sql, lease-wait = 30s }}\n{Database}");

        (options.Discovery, options.LeaseWait, options.IsClustered).Should().Be((DiscoveryMethod.Sql, TimeSpan.FromSeconds(30), true));
    }

    [Fact]
    public void So_do_seed_nodes()
    {
        var options = Read($"akka.cluster.seed-nodes = [\"akka.tcp://mqtt@10.0.0.4:4053\"]\n{Database}");

        options.SeedNodes.Should().Equal("akka.tcp://mqtt@10.0.0.4:4053");
        options.IsClustered.Should().BeTrue();
    }

    [Theory]
    [InlineData("mqtt.cluster.discovery = sql", "mqtt.cluster.discovery = none")]
    [InlineData("akka.cluster.seed-nodes = [\"akka.tcp://mqtt@10.0.0.4:4053\"]", "akka.cluster.seed-nodes empty")]
    public void A_cluster_on_SQLite_is_refused(string cluster, string otherwise)
    {
        Problems(cluster).Should().ContainSingle().Which.Should().StartWith("mqtt.storage.provider").And.Contain("all nodes share").And.Contain(otherwise);
    }

    [Fact]
    public void A_seed_node_that_is_no_address_is_refused()
    {
        Problems($"akka.cluster.seed-nodes = [\"10.0.0.4:4053\"]\n{Database}").Should().ContainSingle()
            .Which.Should().StartWith("akka.cluster.seed-nodes").And.Contain("akka.tcp://mqtt@10.0.0.4:4053");
    }

    [Theory]
    [InlineData("discovery = zookeeper", "mqtt.cluster.discovery")]
    [InlineData("lease-wait = 1s", "mqtt.cluster.lease-wait")]
    [InlineData("discovery = dns, service-name = \"\"", "mqtt.cluster.service-name")]
    public void What_makes_no_sense_is_refused(string cluster, string key)
    {
        Problems($"mqtt.cluster {{ {cluster} }}\n{Database}").Should().ContainSingle().Which.Should().StartWith(key);
    }

    private static ClusterOptions Read(string text) => NodeSettings.Read(Configuration(text), "0.0.0").Broker.Cluster;

    private static IReadOnlyList<string> Problems(string text) =>
        FluentActions.Invoking(() => NodeSettings.Read(Configuration(text), "0.0.0")).Should().Throw<InvalidConfigurationException>().Which.Problems;

    private static LayeredConfiguration Configuration(string text) => new([HoconSource.Text(text, "mine.conf")]);
}
