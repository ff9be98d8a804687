using System.Collections;
using Broker.Node.Configuration;

namespace Broker.Specs.Node.Configuration;

public sealed class EnvironmentVariablesSpecs
{
    [Theory]
    [InlineData("MQTT__LIMITS__MAX_PACKET_SIZE", "mqtt.limits.max-packet-size")]
    [InlineData("MQTT__LISTENERS__TLS__TLS__PASSWORD", "mqtt.listeners.tls.tls.password")]
    [InlineData("MQTT__DATA_DIRECTORY", "mqtt.data-directory")]
    public void A_variable_names_a_key(string variable, string key) => EnvironmentVariables.Key(variable).Should().Be(key);

    [Fact]
    public void Only_variables_with_the_prefix_count()
    {
        var layers = EnvironmentVariables.Layers(new Hashtable
        {
            ["MQTT__DATA_DIRECTORY"] = "/var/lib/mqtt",
            ["MQTT_PORT"] = "tcp://10.0.0.1:1883",
            ["PATH"] = "/bin",
        });

        layers.Should().ContainSingle().Which.Config.GetString("mqtt.data-directory").Should().Be("/var/lib/mqtt");
    }

    [Fact]
    public void A_value_needs_no_quotes()
    {
        const string Connection = "Host=db;Username=mqtt;Password=a#b{c";

        var layer = EnvironmentVariables.Layers(new Hashtable { ["MQTT__STORAGE__CONNECTION_STRING"] = Connection }).Single();

        layer.Config.GetString("mqtt.storage.connection-string").Should().Be(Connection);
        layer.Origin.Should().Be("environment variable MQTT__STORAGE__CONNECTION_STRING");
    }

    [Theory]
    [InlineData("MQTT__")]
    [InlineData("MQTT____X")]
    public void A_variable_without_a_key_is_refused(string variable)
    {
        var read = () => EnvironmentVariables.Layers(new Hashtable { [variable] = "1" }).ToList();

        read.Should().Throw<InvalidConfigurationException>().WithMessage($"environment variable {variable}: names no key*");
    }

    [Fact]
    public void A_misspelt_variable_is_refused_like_any_other_unknown_key()
    {
        var environment = new Hashtable { ["MQTT__LIMITS__MAX_PAKET_SIZE"] = "1" };

        var read = () => NodeSettings.Read(ConfigurationLoader.Load([], [], environment), "0.0.0");

        read.Should().Throw<InvalidConfigurationException>().WithMessage(
            "*(environment variable MQTT__LIMITS__MAX_PAKET_SIZE): unknown key; the nearest one is mqtt.limits.max-packet-size.");
    }
}
