using System.Net.Security;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Management;

/// <summary>What a running node tells of itself, against docs/metrics.md and what Grafana and Prometheus are told to look at.</summary>
public sealed class MetricsSpecs(OwnBroker own) : IClassFixture<OwnBroker>
{
    private readonly BrokerProcess _broker = own.Process;

    [Fact]
    public async Task The_document_lists_what_a_node_tells_and_nothing_else()
    {
        var documented = MetricsDocument.Read();
        await PublishAsync();
        var told = await AskAsync();

        documented.Select(metric => metric.Name).Should().OnlyHaveUniqueItems();
        told.Types.Keys.Should().BeSubsetOf(documented.Select(metric => metric.Name));
        documented.Where(metric => !metric.IsOfCluster && !metric.IsOfLastCollection).Select(metric => metric.Name).Should().BeSubsetOf(told.Types.Keys);
    }

    [Fact]
    public async Task Types_and_labels_are_as_documented()
    {
        var told = await AskAsync();
        foreach (var metric in MetricsDocument.Read().Where(metric => told.Types.ContainsKey(metric.Name)))
        {
            told.Types[metric.Name].Should().Be(metric.Type, metric.Name);
            told.LabelsOf(metric.Name).Should().BeEquivalentTo(metric.Labels, metric.Name);
            metric.Meaning.Should().NotBeEmpty(metric.Name);
            if (metric.Name.Contains("_bytes", StringComparison.Ordinal) || metric.Name.Contains("_seconds", StringComparison.Ordinal))
            {
                metric.Name.Should().Contain(metric.Unit);
            }
        }
    }

    [Fact]
    public async Task How_long_messages_take_is_measured()
    {
        await PublishAsync();

        var told = await AskAsync();

        foreach (var what in (string[])["routing", "delivery", "acknowledgement"])
        {
            told.Value($"mqtt_{what}_duration_seconds_count").Should().BePositive();
            (told.Value($"mqtt_{what}_duration_seconds_sum") / told.Value($"mqtt_{what}_duration_seconds_count")).Should().BeInRange(1e-9, 10, what);
        }
    }

    [Fact]
    public async Task Messages_are_counted_by_QoS_and_direction()
    {
        var topic = Unique.Name("metrics");
        await using var subscriber = await _broker.Endpoint.ConnectAsync(V5);
        await using var publisher = await _broker.Endpoint.ConnectAsync(V5);
        await subscriber.SubscribeAsync(topic, AtLeastOnce);
        var before = await AskAsync();

        await publisher.PublishAsync(topic, "12345", AtLeastOnce);
        await subscriber.ExpectAsync<PublishPacket>();
        var after = await AskAsync();

        foreach (var direction in (string[])["direction=received", "direction=sent"])
        {
            Grown(before, after, "mqtt_messages_total", direction, "qos=1").Should().Be(1);
            Grown(before, after, "mqtt_messages_payload_bytes_total", direction, "qos=1").Should().Be(5);
            Grown(before, after, "mqtt_network_io_bytes_total", direction).Should().BePositive();
        }

        after.Value("mqtt_connections", "state=connected").Should().Be(2);
        after.Value("mqtt_authentications_total", "result=accepted").Should().Be(2);
        after.Value("mqtt_node_ready").Should().Be(1);
        after.Value("mqtt_store_up").Should().Be(1);
        after.Value("mqtt_store_group_writes_count").Should().BePositive();
    }

    [Fact]
    public async Task What_waits_for_a_client_that_is_away_is_told()
    {
        var (topic, clientId) = (Unique.Name("metrics"), Unique.Name("away"));
        await using (var subscriber = await _broker.Endpoint.ConnectPersistentAsync(V5, clientId))
        {
            await subscriber.SubscribeAsync(topic, AtLeastOnce);
        }

        await using var publisher = await _broker.Endpoint.ConnectAsync(V5);
        await publisher.PublishAsync(topic, "12345", AtLeastOnce);

        var told = await AskAsync();

        told.Value("mqtt_queue_messages").Should().Be(1);
        told.Value("mqtt_queue_size_bytes").Should().Be(5 + topic.Length);
    }

    [Fact]
    public async Task A_handshake_is_counted_and_so_is_one_that_fails()
    {
        await using (await RawClient.ConnectAsync(_broker.Endpoint, new ConnectPacket { Version = V5, ClientId = Unique.Name("tls") }, Security.Tls))
        {
        }

        (await AskAsync()).Value("mqtt_tls_handshakes_failed_total").Should().Be(0);
        using var socket = new TcpClient();
        await socket.ConnectAsync(_broker.Endpoint.Host, _broker.Endpoint.MutualTlsPort);
        await using var withoutCertificate = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, static (_, certificate, _, _) => certificate is not null);
        await withoutCertificate.AuthenticateAsClientAsync("localhost");

        (await Eventually.HoldsAsync(async () => (await AskAsync()).Value("mqtt_tls_handshakes_failed_total") == 1, Deadline.ForPackets)).Should().BeTrue();
        (await AskAsync()).Value("mqtt_tls_handshakes_total").Should().Be(2);
    }

    [Fact]
    public async Task A_connection_that_is_turned_away_is_counted_by_why()
    {
        var before = await AskAsync();
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(_broker.Endpoint.Host, _broker.Endpoint.Port);
            await socket.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
            (await socket.GetStream().ReadAsync(new byte[1])).Should().Be(0, "that is no CONNECT");
        }

        var after = await AskAsync();

        Grown(before, after, "mqtt_connections_refused_total", "reason=invalid").Should().Be(1);
        Grown(before, after, "mqtt_connections_refused_total", "reason=banned").Should().Be(0);
        after.Value("mqtt_bans", "reason=bad-logins").Should().Be(0);
        after.Value("mqtt_bans_given_total", "reason=connects").Should().Be(0);
    }

    [Theory]
    [InlineData("dashboard.json")]
    [InlineData("alerts.yaml")]
    public async Task What_Grafana_and_Prometheus_look_at_exists(string file)
    {
        var series = MetricsDocument.Read().SelectMany(metric => metric.Series).ToHashSet();

        var named = Regex.Matches(await File.ReadAllTextAsync(RepositoryFolder.Find("docker", "grafana", file)), @"\b(mqtt|dotnet)_[a-z0-9_]+\b").Select(match => match.Value).ToHashSet();

        named.Should().NotBeEmpty().And.BeSubsetOf(series);
    }

    /// <summary>A message of QoS 1 that somebody gets.</summary>
    private async Task PublishAsync()
    {
        var topic = Unique.Name("metrics");
        await using var client = await _broker.Endpoint.ConnectAsync(V5);
        await client.SubscribeAsync(topic, AtLeastOnce);
        await client.PublishAsync(topic, "12345", AtLeastOnce);
        await client.AcknowledgeAsync(await client.ReceiveAsync());
    }

    private static double Grown(Exposition before, Exposition after, string name, params string[] labels) => after.Value(name, labels) - before.Value(name, labels);

    private async Task<Exposition> AskAsync() => Exposition.Parse(await own.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative)));
}
