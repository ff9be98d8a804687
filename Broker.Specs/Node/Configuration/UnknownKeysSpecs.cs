using System.Collections;
using Broker.Node.Configuration;

namespace Broker.Specs.Node.Configuration;

public sealed class UnknownKeysSpecs
{
    [Theory]
    [InlineData("mqtt.limits.max-pakcet-size", "mqtt.limits.max-packet-size")]
    [InlineData("mqtt.limit.max-packet-size", "mqtt.limits.max-packet-size")]
    [InlineData("mqtt.max-packet-size", "mqtt.limits.max-packet-size")]
    [InlineData("mqtt.listeners.tcp.prot", "mqtt.listeners.tcp.port")]
    [InlineData("mqtt.listeners.tcp.tls.key-file", "mqtt.listeners.tls.tls.key-file")]
    [InlineData("mqtt.listener.ws.port", "mqtt.listeners.ws.port")]
    [InlineData("mqtt.storage.conection-string", "mqtt.storage.connection-string")]
    [InlineData("mqtt.datadirectory", "mqtt.data-directory")]
    [InlineData("mqtt.log.level", "mqtt.logging.level")]
    [InlineData("mqtt.management.port.x", "mqtt.management.port")]
    public void An_unknown_key_is_answered_with_the_nearest_one(string key, string nearest) =>
        Given.Problem($"{key}=1").Should().Be($"{key} = 1 (--set {key}): unknown key; the nearest one is {nearest}.");

    [Theory]
    [InlineData("akka.akka.cluster.min-nr-of-members", "akka.cluster.min-nr-of-members")]
    [InlineData("mqtt.mqtt.limits.max-inflight", "mqtt.limits.max-inflight")]
    public void A_doubled_prefix_is_refused(string key, string meant) =>
        Given.Problem($"{key}=1").Should().Contain("twice has no effect").And.EndWith($"write {meant}.");

    [Fact]
    public void A_dotted_akka_key_inside_of_the_akka_block_is_refused_with_its_file()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("mine.conf", "akka {\n  akka.cluster.roles = [a]\n}");

        var read = () => NodeSettings.Read(ConfigurationLoader.Load([file], [], new Hashtable()), "0.0.0");

        read.Should().Throw<InvalidConfigurationException>().Which.Problems.Should().ContainSingle()
            .Which.Should().StartWith($"akka.akka.cluster.roles = [a] ({file}): 'akka' twice has no effect");
    }

    [Theory]
    [InlineData("mqt.limits.max-inflight=1", "did you mean mqtt.limits.max-inflight?")]
    [InlineData("aka.loglevel=INFO", "did you mean akka.loglevel?")]
    [InlineData("limits.max-inflight=1", "write mqtt.limits.max-inflight.")]
    [InlineData("listeners.tcp.port=1", "write mqtt.listeners.tcp.port.")]
    public void A_top_level_name_that_was_meant_to_be_ours_is_refused(string set, string advice) => Given.Problem(set).Should().EndWith(advice);

    [Theory]
    [InlineData("akka.cluster.roles=[a]")]
    [InlineData("my-variables.host=10.0.0.1")]
    public void Keys_of_others_are_theirs(string set) => Given.Options(set).Should().NotBeNull();

    [Fact]
    public void A_value_where_a_block_belongs_is_refused() =>
        Given.Problem("mqtt.limits=5").Should().Be("mqtt.limits = 5 (--set mqtt.limits): is a block of settings, not a value.");
}
