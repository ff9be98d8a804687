using Broker.Node.Telemetry;

namespace Broker.Specs.Node.Configuration;

public sealed class TelemetrySettingsSpecs
{
    [Fact]
    public void Metrics_are_sent_where_it_is_said() =>
        Given.Options("mqtt.telemetry.otlp-endpoint=\"http://10.0.0.9:4318\"", "mqtt.telemetry.otlp-protocol=http", "mqtt.telemetry.otlp-interval=5s").Telemetry.Should().Be(
            new TelemetryOptions { OtlpEndpoint = "http://10.0.0.9:4318", OtlpProtocol = OtlpProtocol.Http, OtlpInterval = TimeSpan.FromSeconds(5) });

    [Theory]
    [InlineData("10.0.0.9:4317")]
    [InlineData("collector")]
    [InlineData("ftp://10.0.0.9")]
    public void What_is_no_address_is_refused(string endpoint) =>
        Given.Problem($"mqtt.telemetry.otlp-endpoint=\"{endpoint}\"").Should().Contain("mqtt.telemetry.otlp-endpoint").And.EndWith("must be an address such as http://127.0.0.1:4317, or empty.");

    [Fact]
    public void Spans_are_sent_where_metrics_are() =>
        Given.Options("mqtt.telemetry.otlp-endpoint=\"http://10.0.0.9:4317\"", "mqtt.telemetry.tracing-sample=0.01").Telemetry.TracingSample.Should().Be(0.01);

    [Theory]
    [InlineData("1.1", "must be a number from 0 to 1, such as 0.01.")]
    [InlineData("-1", "must be a number from 0 to 1, such as 0.01.")]
    [InlineData("0.5", "needs mqtt.telemetry.otlp-endpoint, where spans are sent.")]
    public void A_share_is_one_and_needs_a_collector(string share, string problem) => Given.Problem($"mqtt.telemetry.tracing-sample={share}").Should().EndWith(problem);

    [Fact]
    public void So_is_another_protocol() =>
        Given.Problem("mqtt.telemetry.otlp-protocol=json").Should().EndWith("must be one of grpc, http.");
}
