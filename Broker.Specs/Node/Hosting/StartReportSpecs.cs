using System.Net;
using Broker.Actors.Hosting;
using Broker.Node.Hosting;
using Broker.Protocol.Transport;

namespace Broker.Specs.Node.Hosting;

public sealed class StartReportSpecs
{
    private static readonly Uri Management = new("http://127.0.0.1:8082");

    [Fact]
    public void It_says_where_everything_is_and_how_to_try_it()
    {
        var lines = Lines(Management, Bound("tcp", ListenerType.Tcp, "0.0.0.0:1884"), Bound("tls", ListenerType.Tls, "127.0.0.1:8883"));

        lines.Should().Equal(
            "Listener:    tcp on 0.0.0.0:1884",
            "Listener:    tls on 127.0.0.1:8883",
            "Node:        akka.tcp://mqtt@127.0.0.1:4053",
            "Storage:     sqlite in /var/lib/mqtt",
            "Management:  http://127.0.0.1:8082 (/alive, /ready, /ha, /metrics, /api/v1)",
            "Try it:      mosquitto_sub -h localhost -p 1884 -t 'hello/#' -v   and, beside it,   mosquitto_pub -h localhost -p 1884 -t hello/world -m Hi");
    }

    [Fact]
    public void A_node_with_tls_only_is_tried_with_tls() =>
        Lines(Management, Bound("tls", ListenerType.Tls, "10.0.0.4:8883")).Last().Should().Contain("-h 10.0.0.4 -p 8883 --cafile ca.pem");

    [Fact]
    public void What_is_off_is_said_to_be_off()
    {
        var lines = Lines(null);

        lines.Should().Contain("Listener:    none is enabled (mqtt.listeners)").And.Contain("Management:  off (mqtt.management.enabled)");
        lines.Should().NotContain(line => line.StartsWith("Try it"));
    }

    [Fact]
    public void Who_opens_management_without_tokens_is_told_what_that_opens()
    {
        var options = new BrokerOptions();

        StartReport.Lines(options, [], "", new Uri("http://0.0.0.0:8082"), hasTokens: false).Should().Contain(line => line.Contains("there are no mqtt.management.tokens"));
        StartReport.Lines(options, [], "", new Uri("http://0.0.0.0:8082"), hasTokens: true).Should().NotContain(line => line.Contains("tokens"));
        Lines(Management).Should().NotContain(line => line.Contains("tokens"));
    }

    [Fact]
    public void A_connection_string_is_not_shown()
    {
        var options = new BrokerOptions { Storage = new StorageOptions { Provider = StorageProvider.PostgreSql, ConnectionString = "Password=geheim" } };

        StartReport.Lines(options, [], "", null, hasTokens: false).Should().Contain(line => line.StartsWith("Storage:     postgresql"))
            .And.NotContain(line => line.Contains("geheim"));
    }

    private static List<string> Lines(Uri? management, params BoundListener[] listeners) =>
        [.. StartReport.Lines(new BrokerOptions { DataDirectory = "/var/lib/mqtt" }, listeners, "akka.tcp://mqtt@127.0.0.1:4053", management, hasTokens: false)];

    private static BoundListener Bound(string name, ListenerType type, string address) =>
        new(new ListenerOptions { Name = name, Type = type }, IPEndPoint.Parse(address));
}
