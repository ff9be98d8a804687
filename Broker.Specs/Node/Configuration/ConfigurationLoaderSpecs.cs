using System.Collections;
using Broker.Node.Configuration;

namespace Broker.Specs.Node.Configuration;

public sealed class ConfigurationLoaderSpecs : IDisposable
{
    private const string Key = "mqtt.limits.receive-maximum";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Later_sources_win_over_earlier_ones()
    {
        var first = _folder.Write("first.conf", "mqtt.limits.receive-maximum = 1");
        var second = _folder.Write("second.conf", "mqtt { limits { receive-maximum = 2 } }");
        var environment = new Hashtable { ["MQTT__LIMITS__RECEIVE_MAXIMUM"] = "3" };
        string[] sets = [$"{Key}=4", $"{Key}=5"];

        Effective(ConfigurationLoader.Load([], [], new Hashtable())).Should().Be(("1024", "reference.conf"));
        Effective(ConfigurationLoader.Load([first], [], new Hashtable())).Should().Be(("1", first));
        Effective(ConfigurationLoader.Load([first, second], [], new Hashtable())).Should().Be(("2", second));
        Effective(ConfigurationLoader.Load([second, first], [], new Hashtable())).Should().Be(("1", first));
        Effective(ConfigurationLoader.Load([first, second], [], environment))
            .Should().Be(("3", "environment variable MQTT__LIMITS__RECEIVE_MAXIMUM"));
        Effective(ConfigurationLoader.Load([first, second], sets, environment)).Should().Be(("5", $"--set {Key}"));
    }

    [Fact]
    public void The_actor_system_gets_the_same_values_as_the_listing_shows()
    {
        var file = _folder.Write("mine.conf", "akka.remote.dot-netty.tcp.port = 1");

        var configuration = ConfigurationLoader.Load(
            [file], ["""akka.cluster.seed-nodes=["akka.tcp://mqtt@10.0.0.4:4053"]""", "akka.remote.dot-netty.tcp.port=2"], new Hashtable());

        configuration.Effective.GetInt("akka.remote.dot-netty.tcp.port").Should().Be(2);
        configuration.Effective.GetString("akka.actor.provider").Should().Be("cluster", "what nobody overrides is still there");
        configuration.Effective.GetStringList("akka.cluster.seed-nodes").Should().Equal("akka.tcp://mqtt@10.0.0.4:4053");
        configuration.Find("akka.remote.dot-netty.tcp.port")!.Origin.Should().Be("--set akka.remote.dot-netty.tcp.port");
    }

    [Fact]
    public void Standalone_conf_is_read_only_where_no_file_is_given()
    {
        var empty = _folder.Write("empty.conf", "# nothing");

        ConfigurationLoader.Load([], [], new Hashtable()).Effective.GetInt("akka.remote.dot-netty.tcp.port").Should().Be(0);
        ConfigurationLoader.Load([empty], [], new Hashtable()).Effective.GetInt("akka.remote.dot-netty.tcp.port").Should().Be(4053);
    }

    [Theory]
    [InlineData("standalone.conf")]
    [InlineData("cluster.conf")]
    [InlineData("azure.conf")]
    public void The_shipped_files_are_valid(string file)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "hocon", file);

        string[] database = ["mqtt.storage.provider=postgresql", "mqtt.storage.connection-string=Host=somewhere"];
        var configuration = ConfigurationLoader.Load([path], database, new Hashtable());
        NodeSettings.Read(configuration, "0.0.0").Should().NotBeNull();
    }

    [Fact]
    public void A_file_includes_another_beside_it()
    {
        _folder.Write("base.conf", "mqtt.limits { receive-maximum = 7, max-inflight = 8 }");
        var file = _folder.Write("mine.conf", "include \"base.conf\"\nmqtt.limits.max-inflight = 9");

        var configuration = ConfigurationLoader.Load([file], [], new Hashtable());

        configuration.Find(Key)!.Value.GetString().Should().Be("7");
        configuration.Find("mqtt.limits.max-inflight")!.Value.GetString().Should().Be("9");
    }

    [Fact]
    public void Files_that_include_each_other_are_refused()
    {
        _folder.Write("other.conf", "include \"mine.conf\"");
        var file = _folder.Write("mine.conf", "include \"other.conf\"");

        Problems([file]).Should().ContainSingle().Which.Should().Contain("circle");
    }

    [Fact]
    public void Everything_that_cannot_be_read_is_told_at_once()
    {
        var broken = _folder.Write("broken.conf", "mqtt {\n  limits {\n}\n");

        var problems = Problems([broken, "missing.conf"], "without-an-equals-sign");

        problems.Should().HaveCount(3);
        problems[0].Should().Be($"{broken}: line 1: '{{' is never closed.");
        problems[1].Should().StartWith("missing.conf: there is no such file");
        problems[2].Should().StartWith("--set without-an-equals-sign: there is no '='");
    }

    [Theory]
    [InlineData("mqtt.data-directory = http://x")]
    [InlineData("mqtt.storage.connection-string = Host=a")]
    [InlineData("mqtt.data-directory = ${nowhere}")]
    [InlineData("mqtt.data-directory = \"\\q\"")]
    public void What_the_parser_refuses_names_the_file(string hocon)
    {
        var file = _folder.Write("broken.conf", hocon);

        Problems([file]).Should().ContainSingle().Which.Should().StartWith($"{file}: not valid HOCON: ").And.NotContain("\n");
    }

    private static IReadOnlyList<string> Problems(string[] files, params string[] sets)
    {
        var load = () => ConfigurationLoader.Load(files, sets, new Hashtable());
        return load.Should().Throw<InvalidConfigurationException>().Which.Problems;
    }

    private static (string Value, string Origin) Effective(LayeredConfiguration configuration)
    {
        var setting = configuration.Find(Key)!;
        return (setting.Value.GetString(), setting.Origin);
    }
}
