using Broker.Node.Hosting;
using Broker.Specs.Node.Configuration;

namespace Broker.Specs.Node.Hosting;

public sealed class StartWarningsSpecs
{
    [Theory]
    [InlineData("0")]
    [InlineData("30m")]
    [InlineData("1h")]
    public void Clients_that_may_be_silent_for_longer_than_the_load_balancer_allows_are_warned_of(string keepAlive)
    {
        var warning = StartWarnings.Of(Given.Options($"mqtt.limits.max-keep-alive={keepAlive}", "mqtt.load-balancer.idle-timeout=30m")).Should().ContainSingle().Which;

        warning.Should().StartWith("mqtt.limits.max-keep-alive = ").And.Contain("mqtt.load-balancer.idle-timeout = ").And.Contain("which then cuts them off. Set it to");
    }

    [Theory]
    [InlineData("20m", "30m")]
    [InlineData("0", "0")]
    [InlineData("1h", "0")]
    public void Settings_that_fit_are_not(string keepAlive, string idle) =>
        StartWarnings.Of(Given.Options($"mqtt.limits.max-keep-alive={keepAlive}", $"mqtt.load-balancer.idle-timeout={idle}")).Should().BeEmpty();
}
