using Broker.Actors.Hosting;
using Broker.Node.Logging;
using Broker.Protocol.Transport;
using Microsoft.Extensions.Logging;

namespace Broker.Specs.Node.Configuration;

public sealed class NodeSettingsSpecs
{
    public static TheoryData<string, string> WrongValues => new()
    {
        { "mqtt.limits.max-connections=-1", "must be a whole number, 0 or more." },
        { "mqtt.limits.max-connections=many", "must be a whole number, 0 or more." },
        { "mqtt.limits.max-connections=1.5", "must be a whole number, 0 or more." },
        { "mqtt.limits.connect-timeout=10", "must be a duration with its unit, such as 500ms, 10s, 5m, 2h or 30d, from 100ms to 10m." },
        { "mqtt.limits.connect-timeout=0", "must be a duration*" },
        { "mqtt.limits.connect-packet-size=63", "must be a size from 64 to 268435460 bytes, such as 65536 or 64KiB." },
        { "mqtt.limits.max-packet-size=268435461", "must be a size from 64 to 268435460 bytes, such as 65536 or 64KiB." },
        { "mqtt.limits.max-packet-size=1XiB", "must be a size*" },
        { "mqtt.limits.max-queued-messages=-1", "must be a whole number, 0 or more." },
        { "mqtt.limits.max-queued-bytes=-1", "must be a size in bytes, 0 or more, such as 65536 or 64KiB." },
        { "mqtt.limits.queue-full=drop", "must be one of drop-newest, drop-oldest." },
        { "mqtt.limits.max-retained-messages=x", "must be a whole number, 0 or more." },
        { "mqtt.limits.max-retained-bytes=x", "must be a size in bytes, 0 or more*" },
        { "mqtt.limits.max-session-expiry=49711d", "must be a duration*in whole seconds, from 0 to 49710d." },
        { "mqtt.limits.max-session-expiry=1500ms", "must be a duration*in whole seconds*" },
        { "mqtt.limits.receive-maximum=0", "must be a whole number from 1 to 65535." },
        { "mqtt.limits.receive-maximum=65536", "must be a whole number from 1 to 65535." },
        { "mqtt.limits.max-inflight=0", "must be a whole number from 1 to 65535." },
        { "mqtt.limits.topic-alias-maximum=-1", "must be a whole number from 0 to 65535." },
        { "mqtt.limits.outbound-topic-alias-maximum=65536", "must be a whole number from 0 to 65535." },
        { "mqtt.limits.max-topic-levels=0", "must be a whole number from 1 to 65535." },
        { "mqtt.limits.max-topic-length=65536", "must be a whole number from 1 to 65535." },
        { "mqtt.limits.max-subscriptions=-1", "must be a whole number, 0 or more." },
        { "mqtt.limits.max-outbound-buffer=1023", "must be a size from 1KiB to 1GiB bytes*" },
        { "mqtt.limits.max-keep-alive=65536s", "must be a duration*in whole seconds, from 1s to 65535s, or 0." },
        { "mqtt.limits.max-client-id-length=22", "must be a whole number from 23 to 65535." },
        { "mqtt.event-loops=1025", "must be a whole number from 0 to 1024." },
        { "mqtt.sys-interval=500ms", "must be a duration*from 1s to 1d, or 0." },
        { "mqtt.security.allow-anonymous=maybe", "must be true or false." },
        { "mqtt.data-directory=", "must name a directory." },
        { "mqtt.data-directory=[a]", "takes one value, not a list." },
        { "mqtt.storage.provider=oracle", "must be one of sqlite, postgresql, sqlserver, mysql." },
        { "mqtt.storage.patience=2d", "must be a duration*from 0 to 1d." },
        { "mqtt.management.enabled=1", "must be true or false." },
        { "mqtt.management.host=example.com", "must be an IP address or localhost." },
        { "mqtt.management.port=65536", "must be a whole number from 0 to 65535." },
        { "mqtt.logging.format=xml", "must be one of text, json." },
        { "mqtt.logging.level=verbose", "must be one of trace, debug, info, warning, error, critical, none." },
        { "mqtt.logging.levels.Akka=verbose", "must be one of trace, debug*" },
    };

    [Theory]
    [MemberData(nameof(WrongValues))]
    public void A_wrong_value_is_answered_with_key_value_origin_and_rule(string set, string rule)
    {
        var (key, value) = (set[..set.IndexOf('=')], set[(set.IndexOf('=') + 1)..]);

        Given.Problem(set).Should().Match($"{key} = {(value.Length == 0 ? "\"\"" : value)} (--set {key}): {rule}");
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once() =>
        Given.Problems("mqtt.limits.max-inflight=0", "mqtt.management.port=x", "mqtt.listeners.tcp.port=-1", "mqtt.nothing=1").Should().HaveCount(4);

    [Fact]
    public void Connect_packets_cannot_be_larger_than_all_packets() =>
        Given.Problem("mqtt.limits.max-packet-size=10KiB").Should().Be(
            "mqtt.limits.connect-packet-size = 64KiB (reference.conf): must not be more than mqtt.limits.max-packet-size, which is 10KiB; "
            + "lower this one or raise that one.");

    [Theory]
    [InlineData("postgresql")]
    [InlineData("sqlserver")]
    [InlineData("mysql")]
    public void Databases_other_than_sqlite_need_a_connection_string(string provider)
    {
        Given.Problem($"mqtt.storage.provider={provider}").Should().StartWith("mqtt.storage.connection-string = \"\" (reference.conf): ");
        Given.Options($"mqtt.storage.provider={provider}", "mqtt.storage.connection-string=Host=x").Broker.Storage.ConnectionString.Should().Be("Host=x");
    }

    [Fact]
    public void Nodes_of_a_cluster_must_be_able_to_send_each_other_the_largest_packet()
    {
        string[] cluster = ["mqtt.cluster.discovery=sql", "mqtt.storage.provider=postgresql", "mqtt.storage.connection-string=Host=x"];
        Given.Options([.. cluster, "mqtt.limits.max-packet-size=4128768"]).Broker.Limits.MaxPacketSize.Should().Be((4 * 1024 * 1024) - (64 * 1024));
        Given.Problem([.. cluster, "mqtt.limits.max-packet-size=8MiB"]).Should().StartWith(
            "akka.remote.dot-netty.tcp.maximum-frame-size = 4MiB (reference.conf): ").And.EndWith("at least 8454144.");
        Given.Options("mqtt.limits.max-packet-size=8MiB").Broker.Limits.MaxPacketSize.Should().Be(8 * 1024 * 1024, "one node by itself sends none");
    }

    [Fact]
    public void Management_cannot_have_a_listeners_port()
    {
        Given.Problem("mqtt.management.port=1883").Should().Contain("the listener tcp has the same");
        Given.Options("mqtt.management.port=8883", "mqtt.management.host=127.0.0.1").Management.Port.Should().Be(8883, "the tls listener is off");
        Given.Options("mqtt.management.port=0", "mqtt.listeners.tcp.port=0").Management.Port.Should().Be(0, "the system picks two different ones");
    }

    [Fact]
    public void Values_arrive_in_the_options()
    {
        var options = Given.Options(
            "mqtt.transport=sockets",
            "mqtt.event-loops=3",
            "mqtt.limits.connect-packet-size=1KiB",
            "mqtt.limits.max-connections=7",
            "mqtt.limits.max-connections-per-address=8",
            "mqtt.limits.max-memory=3GiB",
            "mqtt.limits.max-message-rate=9",
            "mqtt.limits.max-byte-rate=10KiB",
            "mqtt.limits.rate-burst=11s",
            "mqtt.limits.max-packet-size=2MiB",
            "mqtt.limits.max-queued-bytes=5GiB",
            "mqtt.limits.queue-full=drop-oldest",
            "mqtt.limits.max-keep-alive=90s",
            "mqtt.storage.provider=PostgreSQL",
            "mqtt.storage.connection-string=Host=db",
            "mqtt.security.allow-anonymous=off",
            "mqtt.sys-interval=0",
            "mqtt.data-directory=some/where",
            "mqtt.management.enabled=no",
            "mqtt.logging.format=json",
            "mqtt.logging.level=debug",
            "mqtt.logging.levels.\"Broker.Actors.Sessions\"=trace");

        options.Broker.Transport.Transport.Should().Be(TransportKind.Sockets);
        options.Broker.Transport.EventLoops.Should().Be(3);
        options.Broker.Transport.ConnectPacketSize.Should().Be(1_024);
        options.Broker.Limits.ConnectPacketSize.Should().Be(1_024);
        options.Broker.Transport.MaxConnections.Should().Be(7);
        options.Broker.Limits.MaxConnections.Should().Be(7);
        options.Broker.Transport.MaxConnectionsPerAddress.Should().Be(8);
        options.Broker.Limits.MaxConnectionsPerAddress.Should().Be(8);
        options.Broker.Limits.MaxMemory.Should().Be(3L << 30);
        options.Broker.Limits.MaxMessageRate.Should().Be(9);
        options.Broker.Limits.MaxByteRate.Should().Be(10_240);
        options.Broker.Limits.RateBurst.Should().Be(TimeSpan.FromSeconds(11));
        options.Broker.Limits.MaxPacketSize.Should().Be(2_097_152);
        options.Broker.Limits.MaxQueuedBytes.Should().Be(5L << 30);
        options.Broker.Limits.QueueFull.Should().Be(QueueFullPolicy.DropOldest);
        options.Broker.Limits.MaxKeepAlive.Should().Be(TimeSpan.FromSeconds(90));
        options.Broker.Storage.Provider.Should().Be(StorageProvider.PostgreSql);
        options.Broker.Security.AllowAnonymous.Should().BeFalse();
        options.Broker.SysInterval.Should().Be(TimeSpan.Zero);
        options.Broker.DataDirectory.Should().Be(Path.GetFullPath("some/where"));
        options.Management.Enabled.Should().BeFalse();
        options.Logging.Format.Should().Be(LogFormat.Json);
        options.Logging.Level.Should().Be(LogLevel.Debug);
        options.Logging.Levels.Should().BeEquivalentTo(new Dictionary<string, LogLevel>
        {
            ["Microsoft"] = LogLevel.Warning,
            ["Broker.Actors.Sessions"] = LogLevel.Trace,
        });
    }
}
