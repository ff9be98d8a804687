using System.Diagnostics;
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

    [Theory]
    [InlineData(1.0, true)]
    [InlineData(0.0, false)]
    public async Task Spans_are_sent_where_a_share_of_them_is_wanted(double share, bool isSent)
    {
        var port = FreePort.Next();
        using var collector = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
        collector.Start();
        var paths = new List<string>();
        var taken = TakeAsync();
        using (NodeTelemetry.Start(
            new TelemetryOptions { OtlpEndpoint = $"http://127.0.0.1:{port}", OtlpProtocol = OtlpProtocol.Http, OtlpInterval = TimeSpan.FromHours(1), TracingSample = share }, isFetched: false))
        {
            using var source = new ActivitySource(NodeMeter.Name);
            source.StartActivity("of this spec")?.Stop();
        }

        // What is left is sent when it ends.
        collector.Stop();
        await taken;
        paths.Contains("/v1/traces").Should().Be(isSent);
        paths.Should().Contain("/v1/metrics");

        async Task TakeAsync()
        {
            try
            {
                while (true)
                {
                    var request = await collector.GetContextAsync();
                    paths.Add(request.Request.Url!.AbsolutePath);
                    request.Response.Close();
                }
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                // It has been stopped.
            }
        }
    }
}
