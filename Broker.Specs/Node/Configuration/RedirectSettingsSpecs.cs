using Broker.Actors.Hosting;

namespace Broker.Specs.Node.Configuration;

public sealed class RedirectSettingsSpecs
{
    [Fact]
    public void Clients_are_sent_elsewhere_where_it_is_said() =>
        Given.Options("mqtt.redirect.connects=server-moved", "mqtt.redirect.server-reference=\"other.example.com other2.example.com:8883\"").Broker.Redirect.Should().Be(
            new RedirectOptions { Connects = RedirectConnects.ServerMoved, ServerReference = "other.example.com other2.example.com:8883" });

    [Fact]
    public void A_wrong_value_is_refused() =>
        Given.Problem("mqtt.redirect.connects=moved").Should().EndWith("must be one of off, use-another-server, server-moved.");

    [Fact]
    public void So_is_a_reference_that_names_no_servers()
    {
        Given.Problem($"mqtt.redirect.server-reference={new string('a', 1025)}").Should().Contain("mqtt.redirect.server-reference").And.Contain("at most 1024 characters");
        Given.Problem("mqtt.redirect.server-reference=\"a\\u0000b\"").Should().EndWith("none of them a control character.");
    }
}
