namespace Broker.Node.Telemetry;

/// <summary>How metrics are sent.</summary>
internal enum OtlpProtocol
{
    /// <summary>gRPC, usually port 4317.</summary>
    Grpc,

    /// <summary>Protocol buffers over HTTP, usually port 4318.</summary>
    Http,
}

/// <summary><c>mqtt.telemetry</c>: metrics for who does not fetch <c>/metrics</c>, and spans.</summary>
internal sealed record TelemetryOptions
{
    /// <summary>Address of an OpenTelemetry collector, http or https; empty: nothing is sent.</summary>
    public string OtlpEndpoint { get; init; } = "";

    /// <summary>How.</summary>
    public OtlpProtocol OtlpProtocol { get; init; } = OtlpProtocol.Grpc;

    /// <summary>How often.</summary>
    public TimeSpan OtlpInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The share of traces whose spans are sent, 0 (none) to 1.</summary>
    public double TracingSample { get; init; }
}
