using System.Collections;
using Akka.Configuration;
using Broker.Node.Configuration;

namespace Broker.Specs.Node.Configuration;

public sealed class EffectiveConfigurationSpecs
{
    [Fact]
    public void Each_line_has_the_key_the_value_and_the_origin()
    {
        var lines = Lines(["mqtt.limits.max-inflight=7", """akka.cluster.seed-nodes=["a", "b c"]""", "mqtt.data-directory=some where"], new Hashtable
        {
            ["MQTT__LISTENERS__TCP__PORT"] = "1884",
        });

        lines.Should().Contain("mqtt.limits.max-inflight = 7  # --set mqtt.limits.max-inflight")
            .And.Contain("mqtt.listeners.tcp.port = 1884  # environment variable MQTT__LISTENERS__TCP__PORT")
            .And.Contain("mqtt.limits.receive-maximum = 1024  # reference.conf")
            .And.Contain("mqtt.data-directory = \"some where\"  # --set mqtt.data-directory")
            .And.Contain("akka.cluster.seed-nodes = [a, \"b c\"]  # --set akka.cluster.seed-nodes")
            .And.Contain("akka.actor.provider = cluster  # reference.conf")
            .And.Contain("akka.remote.dot-netty.tcp.port = 0  # standalone.conf");
        lines.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void The_broker_comes_before_akka()
    {
        var tops = Lines([], new Hashtable()).Select(line => line[..4]).ToList();

        tops.Distinct().Should().Equal("mqtt", "akka");
    }

    [Fact]
    public void It_reads_back_the_same()
    {
        var lines = Lines(["mqtt.data-directory=C:\\some \"where\" = [x]", """mqtt.logging.levels."Broker.Actors"=debug"""], new Hashtable());

        var again = ConfigurationFactory.ParseString(string.Join('\n', lines) + "\n");

        again.GetString("mqtt.data-directory").Should().Be("C:\\some \"where\" = [x]");
        HoconLeaves.Of(again).Should().HaveCount(lines.Count);
    }

    private static List<string> Lines(string[] sets, Hashtable environment) =>
        [.. EffectiveConfiguration.Lines(ConfigurationLoader.Load([], sets, environment))];
}
