using System.Collections;
using Broker.Node.Azure;
using Broker.Node.Configuration;
using Broker.Node.Hosting;

namespace Broker.Specs.Node.Configuration;

public sealed class AzureSettingsSpecs
{
    [Fact]
    public void The_services_address_can_be_another() =>
        Given.Options("mqtt.azure.scheduled-events=on", "mqtt.azure.metadata-address=\"http://127.0.0.1:1234\"", "mqtt.azure.poll-interval=5s").Azure.Should().Be(
            new AzureOptions { ScheduledEvents = true, MetadataAddress = "http://127.0.0.1:1234", PollInterval = TimeSpan.FromSeconds(5) });

    [Fact]
    public void What_is_no_address_is_refused() =>
        Given.Problem("mqtt.azure.metadata-address=azure").Should().EndWith("must be an address such as http://169.254.169.254.");

    [Fact]
    public void Azure_conf_starts_and_has_what_the_platform_asks_for()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "hocon", "azure.conf");
        var configuration = ConfigurationLoader.Load(
            [file], ["mqtt.storage.provider=postgresql", "mqtt.storage.connection-string=\"Host=db\""], new Hashtable());

        var options = NodeSettings.Read(configuration, "0.0.0");

        options.Azure.ScheduledEvents.Should().BeTrue();
        options.Management.Host.Should().Be("0.0.0.0");
        options.Management.Port.Should().Be(8082);
        options.LoadBalancer.IdleTimeout.Should().Be(TimeSpan.FromMinutes(30));
        StartWarnings.Of(options).Should().BeEmpty();
    }
}
