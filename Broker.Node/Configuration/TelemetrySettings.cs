using Broker.Node.Telemetry;

namespace Broker.Node.Configuration;

/// <summary><c>mqtt.telemetry</c>.</summary>
internal static class TelemetrySettings
{
    public static TelemetryOptions Read(SettingReader telemetry)
    {
        var defaults = new TelemetryOptions();
        var options = new TelemetryOptions
        {
            OtlpEndpoint = telemetry.Text("otlp-endpoint", defaults.OtlpEndpoint),
            OtlpProtocol = telemetry.Choice("otlp-protocol", defaults.OtlpProtocol),
            OtlpInterval = telemetry.Duration("otlp-interval", defaults.OtlpInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            TracingSample = telemetry.Share("tracing-sample", defaults.TracingSample),
        };

        if (options.OtlpEndpoint.Length > 0
            && !(Uri.TryCreate(options.OtlpEndpoint, UriKind.Absolute, out var endpoint) && (endpoint.Scheme == Uri.UriSchemeHttp || endpoint.Scheme == Uri.UriSchemeHttps)))
        {
            telemetry.Problem("otlp-endpoint", "must be an address such as http://127.0.0.1:4317, or empty.");
        }

        if (options is { TracingSample: > 0, OtlpEndpoint: "" })
        {
            telemetry.Problem("tracing-sample", $"needs {telemetry.Key("otlp-endpoint")}, where spans are sent.");
        }

        return options;
    }
}
