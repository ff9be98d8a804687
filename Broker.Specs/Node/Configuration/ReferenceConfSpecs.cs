using System.Reflection;
using System.Text.RegularExpressions;
using Broker.Actors.Hosting;
using Broker.Node.Azure;
using Broker.Node.Configuration;
using Broker.Node.Hosting;
using Broker.Node.Logging;
using Broker.Node.Management;
using Broker.Node.Telemetry;
using Broker.Protocol.Transport;

namespace Broker.Specs.Node.Configuration;

public sealed class ReferenceConfSpecs
{
    private static readonly string Text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hocon", "reference.conf"));

    private static readonly LayeredConfiguration Reference = new([HoconSource.Text(Text, "reference.conf")]);

    private static readonly string[] Keys =
        [.. Reference.Settings.Select(setting => setting.Key).Where(key => key.StartsWith("mqtt.", StringComparison.Ordinal))];

    [Fact]
    public void It_has_a_key_for_every_property_of_the_options_and_no_other()
    {
        string[] expected =
        [
            .. Of<BrokerOptions>("mqtt", except: ["version", "commit", "listeners", "transport", "limits", "storage", "security", "bans", "drain", "redirect", "cluster"]),
            .. Of<TransportOptions>("mqtt", except: ["connect-packet-size", "connect-timeout", "max-connections-per-address", "max-connections", "effective-event-loops", "effective-transport"]),
            .. Of<LimitsOptions>("mqtt.limits"),
            .. Of<StorageOptions>("mqtt.storage"),
            .. Of<BanOptions>("mqtt.bans"),
            .. Of<DrainOptions>("mqtt.drain"),
            .. Of<RedirectOptions>("mqtt.redirect"),
            .. Of<ClusterOptions>("mqtt.cluster", except: ["seed-nodes", "is-clustered"]),
            .. Of<SecurityOptions>("mqtt.security", except: ["authorization", "password-file", "sql", "x509", "jwt", "http"]),
            .. Of<PasswordFileOptions>("mqtt.security.password-file", except: ["effective-concurrent-checks"]),
            .. Of<SqlUsersOptions>("mqtt.security.sql", except: ["database", "effective-concurrent-checks"]),
            .. Of<SecurityDatabaseOptions>("mqtt.security.sql.database"),
            .. Of<CertificateUsersOptions>("mqtt.security.x509"),
            .. Of<JwtOptions>("mqtt.security.jwt"),
            .. Of<HttpUsersOptions>("mqtt.security.http"),
            .. Of<AuthorizationOptions>("mqtt.security.authorization", except: ["database"]),
            .. Of<SecurityDatabaseOptions>("mqtt.security.authorization.database"),
            .. Of<ManagementOptions>("mqtt.management", except: ["tokens"]),
            .. Of<LoadBalancerOptions>("mqtt.load-balancer"),
            .. Of<AzureOptions>("mqtt.azure"),
            .. Of<TelemetryOptions>("mqtt.telemetry"),
            .. Of<LoggingOptions>("mqtt.logging", except: ["levels"]),
            "mqtt.logging.levels.Microsoft",
            .. new[] { "tcp", "tls", "ws", "wss" }.SelectMany(name => Of<ListenerOptions>($"mqtt.listeners.{name}", except: ["name", "tls"])),
            .. new[] { "tls", "wss" }.SelectMany(name => Of<TlsOptions>($"mqtt.listeners.{name}.tls")),
        ];

        Keys.Should().BeEquivalentTo(expected);
    }

    [Fact]
    public void Every_key_is_read_and_every_key_that_is_read_is_there()
    {
        var findings = new Findings();
        NodeSettings.Read(Reference, findings, "0.0.0");

        findings.Problems.Should().BeEmpty();
        findings.Known.Should().BeEquivalentTo(Keys);
    }

    [Fact]
    public void Its_defaults_are_those_of_the_options()
    {
        var options = NodeSettings.Read(Reference, "0.0.0");

        options.Broker.Should().BeEquivalentTo(new BrokerOptions(), broker => broker.Excluding(all => all.Listeners));
        options.Management.Should().BeEquivalentTo(new ManagementOptions());
        options.LoadBalancer.Should().Be(new LoadBalancerOptions());
        options.Azure.Should().Be(new AzureOptions());
        options.Telemetry.Should().Be(new TelemetryOptions());
        options.Logging.Should().BeEquivalentTo(new LoggingOptions());
        foreach (var listener in options.Broker.Listeners)
        {
            listener.Should().Be(new ListenerOptions
            {
                Name = listener.Name,
                Type = listener.Type,
                Enabled = listener.Name == "tcp",
                Port = listener.Port,
                Tls = listener.Type is ListenerType.Tls or ListenerType.Wss ? new TlsOptions { CertificateFile = "" } : null,
            });
        }
    }

    [Fact]
    public void The_code_has_the_same_defaults_where_the_file_says_nothing()
    {
        var findings = new Findings();
        var silent = NodeSettings.Read(new LayeredConfiguration([HoconSource.Text("mqtt { logging.levels.Microsoft = warning }", "nothing")]), findings, "0.0.0");

        silent.Should().BeEquivalentTo(NodeSettings.Read(Reference, "0.0.0"));
    }

    [Fact]
    public void Every_setting_is_explained_where_it_first_appears()
    {
        var explained = new HashSet<string>();
        var commented = false;
        foreach (var line in Text.Split('\n').Select(line => line.Trim()))
        {
            // A comment explains the settings that follow it without an empty line between.
            commented = line.StartsWith('#') || (commented && line.Length > 0);
            var name = Regex.Match(line, "^([a-z0-9-]+) = ").Groups[1].Value;
            if (commented && name.Length > 0)
            {
                explained.Add(name);
            }
        }

        Keys.Where(key => !key.Contains(".levels.", StringComparison.Ordinal)).Select(key => key[(key.LastIndexOf('.') + 1)..]).Distinct().Should().BeSubsetOf(explained);
    }

    [Fact]
    public void Nothing_is_set_where_akka_would_not_look() =>
        Reference.Settings.Where(setting => setting.Path[0] == "akka").Should().NotBeEmpty()
            .And.OnlyContain(setting => setting.Path[1] != "akka" && setting.Path[1] != "mqtt");

    private static IEnumerable<string> Of<T>(string block, params string[] except) =>
        from property in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
        let key = Regex.Replace(property.Name, "(?<!^)[A-Z]", match => "-" + match.Value).ToLowerInvariant()
        where !except.Contains(key)
        select $"{block}.{key}";
}
