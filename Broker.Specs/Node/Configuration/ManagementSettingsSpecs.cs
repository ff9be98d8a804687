using System.Collections;
using Broker.Node.Configuration;
using Broker.Node.Management.Access;

namespace Broker.Specs.Node.Configuration;

public sealed class ManagementSettingsSpecs
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    [Fact]
    public void Tokens_have_names_and_roles()
    {
        var options = Given.Options(
            $"mqtt.management.tokens.alice={{ role = operator, token = {Token} }}", $"mqtt.management.tokens.grafana.token={Token}x", "mqtt.management.open-metrics=on");

        options.Management.Tokens.Should().Equal(new ManagementToken("alice", Token, ManagementRole.Operator), new ManagementToken("grafana", Token + "x", ManagementRole.Viewer));
        options.Management.OpenMetrics.Should().BeTrue();
    }

    [Fact]
    public void They_may_come_from_the_environment()
    {
        var configuration = ConfigurationLoader.Load([], [], new Hashtable { ["MQTT__MANAGEMENT__TOKENS__OPS__TOKEN"] = Token, ["MQTT__MANAGEMENT__TOKENS__OPS__ROLE"] = "operator" });

        NodeSettings.Read(configuration, "0.0.0").Management.Tokens.Should().Equal(new ManagementToken("ops", Token, ManagementRole.Operator));
    }

    [Fact]
    public void They_are_not_shown() =>
        EffectiveConfiguration.Lines(Given.Sets($"mqtt.management.tokens.alice.token={Token}")).Should().NotContain(line => line.Contains(Token))
            .And.Contain(line => line.StartsWith("mqtt.management.tokens.alice.token = \"******\""));

    [Theory]
    [InlineData("short")]
    [InlineData("\"a token with spaces in it\"")]
    [InlineData("")]
    public void One_that_could_be_guessed_is_refused_and_not_shown(string token)
    {
        var problem = Given.Problem($"mqtt.management.tokens.alice.token={token}");

        problem.Should().StartWith("mqtt.management.tokens.alice.token").And.Contain("must be 20 or more characters").And.Contain("openssl rand -hex 32");
        problem.Should().NotContain("short").And.NotContain("with spaces in");
    }

    [Fact]
    public void So_are_two_that_are_the_same_a_role_that_does_not_exist_and_a_name_without_a_token()
    {
        Given.Problem($"mqtt.management.tokens.a.token={Token}", $"mqtt.management.tokens.b.token={Token}").Should().EndWith("another name has the same; each needs its own.");
        Given.Problem($"mqtt.management.tokens.a={{ role = admin, token = {Token} }}").Should().EndWith("must be one of viewer, operator.");
        Given.Problem("mqtt.management.tokens.a.role=operator").Should().StartWith("mqtt.management.tokens.a.token: must be 20 or more");
    }
}
