using System.Net;
using Broker.Protocol.Transport;

namespace Broker.Specs.Node.Configuration;

public sealed class ListenerSettingsSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void By_default_only_tcp_listens()
    {
        var listeners = Given.Options().Broker.Listeners;

        listeners.Select(listener => (listener.Name, listener.Type, listener.Enabled, listener.Port)).Should().Equal(
            ("tcp", ListenerType.Tcp, true, 1883),
            ("tls", ListenerType.Tls, false, 8883),
            ("ws", ListenerType.Ws, false, 8083),
            ("wss", ListenerType.Wss, false, 8084));
    }

    [Fact]
    public void Another_name_says_its_type_and_has_the_same_keys()
    {
        var certificate = _folder.Write("server.pem", "");

        var listener = Given.Options(
            $$"""mqtt.listeners.partners={type = tls, enabled = on, port = 8884, host = "::", tls { certificate-file = "{{certificate}}", client-certificate = required } }""")
            .Broker.Listeners.Single(listener => listener.Name == "partners");

        listener.Should().BeEquivalentTo(new ListenerOptions
        {
            Name = "partners",
            Type = ListenerType.Tls,
            Enabled = true,
            Port = 8884,
            Host = "::",
            Tls = new TlsOptions { CertificateFile = certificate, ClientCertificate = ClientCertificateMode.Required },
        });
    }

    [Fact]
    public void Another_name_without_a_type_is_refused()
    {
        Given.Problem("mqtt.listeners.tpc.port=1").Should().Be(
            "mqtt.listeners.tpc.type: a listener that is not called tcp, tls, ws, wss says its type, one of the same names, "
            + "or did you mean mqtt.listeners.tcp?");
        Given.Problem("mqtt.listeners.partners.port=1").Should().EndWith("one of the same names.");
    }

    [Theory]
    [InlineData("mqtt.listeners.tcp.type=tls", "the listener 'tcp' is always tcp*")]
    [InlineData("mqtt.listeners.tcp.enabled=maybe", "must be true or false.")]
    [InlineData("mqtt.listeners.tcp.host=a b", "must be an IP address or a host name*")]
    [InlineData("mqtt.listeners.tcp.host=", "must be an IP address or a host name*")]
    [InlineData("mqtt.listeners.tcp.port=65536", "must be a whole number from 0 to 65535.")]
    [InlineData("mqtt.listeners.tcp.port=mqtt", "must be a whole number from 0 to 65535.")]
    [InlineData("mqtt.listeners.tcp.backlog=0", "must be a whole number from 1 to 65535.")]
    [InlineData("mqtt.listeners.tcp.tcp-no-delay=x", "must be true or false.")]
    [InlineData("mqtt.listeners.tcp.tcp-keep-alive=x", "must be true or false.")]
    [InlineData("mqtt.listeners.tcp.receive-buffer=2GiB", "must be a size from 0 to 1GiB*")]
    [InlineData("mqtt.listeners.tcp.send-buffer=-1", "must be a size from 0 to 1GiB*")]
    [InlineData("mqtt.listeners.tcp.write-high-water-mark=2GiB", "must be a size from 1KiB to 1GiB*")]
    [InlineData("mqtt.listeners.tcp.write-low-water-mark=1023", "must be a size from 1KiB to 1GiB*")]
    [InlineData("mqtt.listeners.tls.tls.client-certificate=yes", "must be one of none, optional, required.")]
    [InlineData("mqtt.listeners.tls.tls.allow-tls12=x", "must be true or false.")]
    [InlineData("mqtt.listeners.tls.tls.handshake-timeout=11m", "must be a duration*from 100ms to 10m.")]
    [InlineData("mqtt.listeners.tls.tls.reload-interval=0", "must be a duration*from 100ms to 1d.")]
    [InlineData("mqtt.listeners.tcp.max-connection-rate=-1", "must be a whole number from 0 to 1000000.")]
    [InlineData("mqtt.listeners.tcp.proxy-protocol=on", "must be one of off, optional, required.")]
    [InlineData("mqtt.listeners.tcp.proxy-protocol=required", "needs mqtt.listeners.tcp.proxy-trusted, which names the proxies*")]
    [InlineData("mqtt.listeners.tcp.proxy-protocol=optional", "needs mqtt.listeners.tcp.proxy-trusted*")]
    [InlineData("mqtt.listeners.tcp.proxy-trusted=10.0.0.0/8", "takes a list*")]
    [InlineData("mqtt.listeners.tcp.proxy-trusted=[\"proxy.example\"]", "has \"proxy.example\"; each must be an IP address or a range*")]
    [InlineData("mqtt.listeners.tcp.proxy-trusted=[\"10.0.0.1/8\"]", "has \"10.0.0.1/8\"*")]
    [InlineData("mqtt.listeners.tcp.proxy-trusted=[\"10.0.0.0/33\"]", "has \"10.0.0.0/33\"*")]
    [InlineData("mqtt.listeners.wss.enabled=true", "*")]
    [InlineData("mqtt.listeners.tls.enabled=true", "*")]
    public void A_wrong_value_is_refused(string set, string rule) => Given.Problem(set).Should().Match($"*: {rule}");

    [Fact]
    public void The_low_water_mark_is_below_the_high_one() =>
        Given.Problem("mqtt.listeners.tcp.write-low-water-mark=64KiB").Should().Be(
            "mqtt.listeners.tcp.write-low-water-mark = 64KiB (--set mqtt.listeners.tcp.write-low-water-mark): "
            + "must be less than mqtt.listeners.tcp.write-high-water-mark, which is 64KiB.");

    [Fact]
    public void Proxies_are_trusted_by_address_or_range()
    {
        var tcp = Given.Options("""mqtt.listeners.tcp={ proxy-protocol = required, proxy-trusted = ["10.0.0.4", "10.1.0.0/16", "fd00::/8", "::1"] }""").Broker.Listeners[0];

        tcp.ProxyProtocol.Should().Be(ProxyProtocolMode.Required);
        tcp.ProxyTrusted.Should().Equal(IPNetwork.Parse("10.0.0.4/32"), IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("fd00::/8"), IPNetwork.Parse("::1/128"));
    }

    [Fact]
    public void A_tls_listener_needs_its_files()
    {
        Given.Problem("mqtt.listeners.tls.enabled=true").Should().StartWith(
            "mqtt.listeners.tls.tls.certificate-file = \"\" (reference.conf): a listener with TLS needs a certificate");
        Given.Problems(
                "mqtt.listeners.tls.enabled=true",
                "mqtt.listeners.tls.tls.certificate-file=no.pem",
                "mqtt.listeners.tls.tls.key-file=no.key",
                "mqtt.listeners.tls.tls.client-ca-file=no.ca")
            .Should().HaveCount(3).And.AllSatisfy(problem => problem.Should().Contain("there is no such file"));
        Given.Options("mqtt.listeners.tls.tls.certificate-file=no.pem").Should().NotBeNull("nobody needs the file of a listener that is off");
    }

    [Fact]
    public void Two_listeners_cannot_share_an_address()
    {
        string[] second = ["mqtt.listeners.other.type=tcp", "mqtt.listeners.other.enabled=true"];

        Given.Problem([.. second, "mqtt.listeners.other.port=1883"]).Should().Contain("mqtt.listeners.tcp.port is the same");
        Given.Problem([.. second, "mqtt.listeners.other.port=1883", "mqtt.listeners.other.host=127.0.0.1"]).Should().Contain("mqtt.listeners.tcp.port is the same");
        Given.Options([.. second, "mqtt.listeners.other.port=0", "mqtt.listeners.tcp.port=0"]).Should().NotBeNull();
        Given.Options([.. second, "mqtt.listeners.other={port = 1883, host = 127.0.0.2}", "mqtt.listeners.tcp.host=127.0.0.1"]).Should().NotBeNull();
    }
}
