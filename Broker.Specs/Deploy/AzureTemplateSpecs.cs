using System.Collections;
using System.Text.Json;
using System.Text.RegularExpressions;
using Broker.Actors.Hosting;
using Broker.Node.Configuration;
using Broker.Node.Hosting;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Deploy;

/// <summary>docker/azure compiles without a warning, and what it makes fits the nodes that it makes it for.</summary>
public sealed class AzureTemplateSpecs
{
    private static readonly Lazy<Task<(JsonElement Template, string Said)>> Main = new(() => Bicep.BuildAsync("main.bicep"));

    public static TheoryData<string> Files => [.. Directory.GetFiles(Bicep.Folder, "*.bicep").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_file_compiles_and_is_linted_without_a_word(string file)
    {
        (await Bicep.BuildAsync(file)).Said.Should().BeEmpty();
        (await Bicep.LintAsync(file)).Should().BeEmpty();
    }

    [Fact]
    public async Task The_load_balancer_asks_what_the_node_answers_and_tells_who_is_cut_off()
    {
        var balancer = Properties(await ModuleAsync("loadbalancer"), "Microsoft.Network/loadBalancers");
        var defaults = NodeSettings.Read(Configuration(), "0.0.0");

        var http = balancer.GetProperty("probes").EnumerateArray().Single(probe => probe.GetProperty("name").GetString() == "http").GetProperty("properties");
        http.GetProperty("requestPath").GetString().Should().Be("/ready");
        http.GetProperty("port").GetInt32().Should().Be(defaults.Management.Port);
        var noticed = TimeSpan.FromSeconds(http.GetProperty("intervalInSeconds").GetInt32() * http.GetProperty("probeThreshold").GetInt32());
        noticed.Should().BeLessThan(defaults.Broker.Drain.Wait, "a node waits until the load balancer has noticed");

        var tcp = balancer.GetProperty("probes").EnumerateArray().Single(probe => probe.GetProperty("name").GetString() == "tcp").GetProperty("properties");
        tcp.GetProperty("port").GetInt32().Should().Be(Port(defaults, "tls"));

        var rule = balancer.GetProperty("copy")[0].GetProperty("input").GetProperty("properties");
        rule.GetProperty("enableTcpReset").GetBoolean().Should().BeTrue();
        rule.GetProperty("idleTimeoutInMinutes").GetString().Should().Be("[parameters('idleTimeoutInMinutes')]");
    }

    [Fact]
    public async Task Ports_are_the_nodes_own()
    {
        var defaults = NodeSettings.Read(Configuration(), "0.0.0");
        var module = await ModuleAsync("loadbalancer");

        var rules = Regex.Matches(module.GetProperty("variables").GetProperty("ports").GetString()!, @"'frontend', (\d+), 'backend', (\d+)")
            .Select(match => (int.Parse(match.Groups[1].Value, provider: null), int.Parse(match.Groups[2].Value, provider: null)));

        rules.Should().Equal((8883, Port(defaults, "tls")), (443, Port(defaults, "wss")), (1883, Port(defaults, "tcp")));
        var text = (await ModuleAsync("network")).GetRawText();
        foreach (var port in (int[])[Port(defaults, "tls"), Port(defaults, "wss"), defaults.Management.Port, 4053])
        {
            text.Should().Contain($"{port}");
        }
    }

    [Fact]
    public async Task The_idle_timeout_of_the_template_is_that_of_azure_conf() =>
        TimeSpan.FromMinutes((await Main.Value).Template.GetProperty("parameters").GetProperty("idleTimeoutInMinutes").GetProperty("defaultValue").GetInt32())
            .Should().Be(NodeSettings.Read(Configuration(), "0.0.0").LoadBalancer.IdleTimeout);

    [Theory]
    [InlineData(4)]
    [InlineData(30)]
    [InlineData(100)]
    public void The_configuration_that_a_machine_gets_is_one_that_a_node_takes(int idleMinutes)
    {
        using var folder = new TemporaryFolder();
        var certificate = folder.File("server.pem");
        File.WriteAllText(certificate, "");
        var configuration = folder.File("node.conf");
        File.WriteAllText(configuration, Replace(
            File.ReadAllText(Path.Combine(Bicep.Folder, "node.conf"))
                .Replace("/opt/akka-mqtt/hocon", Path.Combine(AppContext.BaseDirectory, "hocon"), StringComparison.Ordinal)
                .Replace("/etc/akka-mqtt/server.pem", certificate, StringComparison.Ordinal),
            ("PLAIN_MQTT", "false"),
            ("WEB_SOCKETS", "true"),
            ("DATABASE_HOST", "mqtt-x.private.postgres.database.azure.com"),
            ("DATABASE_USER", "mqtt-nodes"),
            ("DATABASE_TOKEN_URL", "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&client_id=00000000&resource=https%3A%2F%2Fossrdbms-aad.database.windows.net"),
            ("IDLE_TIMEOUT", $"{idleMinutes}"),
            ("MAX_KEEP_ALIVE", $"{idleMinutes * 40}"),
            ("TCP_PROBE", "false")));

        var options = NodeSettings.Read(ConfigurationLoader.Load([configuration], [], new Hashtable()), "0.0.0");

        StartWarnings.Of(options).Should().BeEmpty();
        options.Broker.Storage.Provider.Should().Be(StorageProvider.PostgreSql);
        options.Broker.Storage.AccessTokenAddress.Should().StartWith("http://169.254.169.254/");
        options.Broker.Cluster.Discovery.Should().Be(DiscoveryMethod.Sql);
        options.Broker.Listeners.Where(listener => listener.Enabled).Select(listener => listener.Name).Should().BeEquivalentTo("tls", "wss");
        options.Azure.ScheduledEvents.Should().BeTrue();
    }

    [Fact]
    public async Task A_machine_is_told_of_its_end_and_the_service_manager_waits_for_the_drain()
    {
        var nodes = Properties(await ModuleAsync("nodes"), "Microsoft.Compute/virtualMachineScaleSets").GetProperty("virtualMachineProfile");
        nodes.GetProperty("scheduledEventsProfile").GetProperty("terminateNotificationProfile").GetProperty("enable").GetBoolean().Should().BeTrue();

        var drain = NodeSettings.Read(Configuration(), "0.0.0").Broker.Drain;
        var stop = Regex.Match(File.ReadAllText(Path.Combine(Bicep.Folder, "cloud-init.yaml")), @"TimeoutStopSec=(\d+)min").Groups[1].Value;
        TimeSpan.FromMinutes(int.Parse(stop, provider: null)).Should().BeGreaterThan(drain.TurnWait + drain.Deadline + TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Nobody_logs_in_with_a_password()
    {
        var server = Properties(await ModuleAsync("database"), "Microsoft.DBforPostgreSQL/flexibleServers");
        server.GetProperty("authConfig").GetProperty("passwordAuth").GetString().Should().Be("Disabled");
        server.GetProperty("authConfig").GetProperty("activeDirectoryAuth").GetString().Should().Be("Enabled");
        server.GetProperty("highAvailability").GetProperty("mode").GetString().Should().Be("ZoneRedundant");

        var text = (await Main.Value).Template.GetRawText();
        text.Should().Contain("\"disablePasswordAuthentication\": true").And.NotContain("administratorLoginPassword").And.NotContain("adminPassword");
    }

    [Theory]
    [InlineData("cloud-init.yaml")]
    [InlineData("node.conf")]
    public async Task Every_placeholder_is_filled_in(string file)
    {
        var wanted = Placeholders(await File.ReadAllTextAsync(Path.Combine(Bicep.Folder, file)));
        var given = Placeholders(await File.ReadAllTextAsync(Path.Combine(Bicep.Folder, "nodes.bicep")));

        wanted.Should().NotBeEmpty().And.BeSubsetOf(given);
    }

    private static HashSet<string> Placeholders(string text) => [.. Regex.Matches(text, "__[A-Z][A-Z0-9_]*?__").Select(match => match.Value).Where(name => name != "__NAMES__")];

    private static string Replace(string text, params (string Name, string Value)[] values) =>
        values.Aggregate(text, (current, value) => current.Replace($"__{value.Name}__", value.Value, StringComparison.Ordinal));

    private static LayeredConfiguration Configuration() => ConfigurationLoader.Load(
        [Path.Combine(AppContext.BaseDirectory, "hocon", "azure.conf")],
        ["mqtt.storage.provider=postgresql", "mqtt.storage.connection-string=\"Host=db\""],
        new Hashtable());

    private static int Port(NodeOptions options, string listener) => options.Broker.Listeners.Single(one => one.Name == listener).Port;

    private static async Task<JsonElement> ModuleAsync(string name) =>
        Resources((await Main.Value).Template).Single(resource => resource.GetProperty("name").GetString() == name).GetProperty("properties").GetProperty("template");

    private static JsonElement Properties(JsonElement template, string type) =>
        Resources(template).Single(resource => resource.GetProperty("type").GetString() == type).GetProperty("properties");

    private static IEnumerable<JsonElement> Resources(JsonElement template) => template.GetProperty("resources") is { ValueKind: JsonValueKind.Array } array
        ? array.EnumerateArray()
        : template.GetProperty("resources").EnumerateObject().Select(resource => resource.Value);
}
