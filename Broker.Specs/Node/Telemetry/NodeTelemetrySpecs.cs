using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Broker.Actors.Metrics;
using Broker.Node.Telemetry;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Node.Telemetry;

public sealed class NodeTelemetrySpecs
{
    [Theory]
    [InlineData("", "/v1/metrics")]
    [InlineData("/custom/path", "/custom/path")]
    public async Task Metrics_are_sent_to_a_collector(string path, string expected)
    {
        var port = FreePort.Next();
        using var collector = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
        collector.Start();
        using var meter = new Meter(NodeMeter.Name);
        meter.CreateObservableGauge("mqtt.of.this.spec", () => 1L);

        using var telemetry = NodeTelemetry.Start(
            new TelemetryOptions { OtlpEndpoint = $"http://127.0.0.1:{port}{path}", OtlpProtocol = OtlpProtocol.Http, OtlpInterval = TimeSpan.FromSeconds(1) }, isFetched: false);
        var request = await collector.GetContextAsync().WaitAsync(Deadline.ForBrokers);

        request.Request.Url!.AbsolutePath.Should().Be(expected);
        request.Request.ContentType.Should().Be("application/x-protobuf");
        using var body = new MemoryStream();
        await request.Request.InputStream.CopyToAsync(body);
        Encoding.Latin1.GetString(body.ToArray()).Should().Contain("mqtt.of.this.spec").And.Contain("dotnet.gc.collections").And.NotContain("dotnet.assembly.count").And.Contain("akka-mqtt");
        request.Response.Close();
    }
}
