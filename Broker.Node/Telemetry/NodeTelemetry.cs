using Broker.Actors.Metrics;
using Broker.Node.CommandLine;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Broker.Node.Telemetry;

/// <summary>The process's metrics on their way out: fetched from <c>/metrics</c>, sent to a collector, or both.</summary>
internal sealed class NodeTelemetry : IDisposable
{
    private const string ServiceName = "akka-mqtt";

    private readonly TlsHandshakes _handshakes = new();

    private readonly TracerProvider? _spans;

    private NodeTelemetry(MeterProvider provider, TracerProvider? spans) => (Provider, _spans) = (provider, spans);

    /// <summary>What <c>/metrics</c> asks.</summary>
    public MeterProvider Provider { get; }

    /// <summary>From here on what is measured can be had.</summary>
    /// <param name="options">Where it is sent, if anywhere.</param>
    /// <param name="isFetched">Whether there is a <c>/metrics</c>.</param>
    public static NodeTelemetry Start(TelemetryOptions options, bool isFetched)
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter(NodeMeter.Name, RuntimeMetrics.MeterName)
            .AddView(RuntimeMetrics.Select);
        if (isFetched)
        {
            builder.AddPrometheusExporter(static prometheus =>
            {
                prometheus.ScopeInfoEnabled = false;

                // Who asks wants to know how it is now.
                prometheus.ScrapeResponseCacheDurationMilliseconds = 0;
            });
        }

        if (options.OtlpEndpoint.Length > 0)
        {
            builder.AddOtlpExporter((exporter, reader) =>
            {
                Configure(options, exporter, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.OtlpInterval.TotalMilliseconds;
            });
        }

        return new NodeTelemetry(builder.Build(), options is { TracingSample: > 0, OtlpEndpoint.Length: > 0 } ? StartSpans(options) : null);
    }

    /// <summary>By the trace's id alone: nodes decide alike, and a client cannot make more of its messages traced than the share.</summary>
    private static TracerProvider StartSpans(TelemetryOptions options) => Sdk.CreateTracerProviderBuilder()
        .ConfigureResource(Describe)
        .AddSource(NodeMeter.Name)
        .SetSampler(new TraceIdRatioBasedSampler(options.TracingSample))
        .AddOtlpExporter(exporter => Configure(options, exporter, "v1/traces"))
        .Build();

    /// <summary>The path is the collector's own where one is given; that of metrics, which people write because documents show it, says where the other one is.</summary>
    private static Uri WithPath(Uri endpoint, string path) => endpoint.AbsolutePath switch
    {
        "/" => new Uri(endpoint, path),
        var given when given.EndsWith("/v1/metrics", StringComparison.Ordinal) => new Uri(endpoint, given[..^"v1/metrics".Length] + path),
        _ => endpoint,
    };

    private static void Describe(ResourceBuilder resource) =>
        resource.Clear().AddService(ServiceName, serviceVersion: ProgramVersion.Number, serviceInstanceId: Environment.MachineName);

    /// <inheritdoc/>
    public void Dispose()
    {
        Provider.Dispose();
        _spans?.Dispose();
        _handshakes.Dispose();
    }

    private static void Configure(TelemetryOptions options, OtlpExporterOptions exporter, string path)
    {
        var endpoint = new Uri(options.OtlpEndpoint);
        exporter.Protocol = options.OtlpProtocol == OtlpProtocol.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;

        exporter.Endpoint = options.OtlpProtocol == OtlpProtocol.Http ? WithPath(endpoint, path) : endpoint;
    }
}
