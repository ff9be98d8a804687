using Broker.Actors.Hosting;
using Broker.Node.Azure;
using Broker.Node.Hosting;
using Broker.Node.Logging;
using Broker.Node.Management;
using Broker.Node.Telemetry;

namespace Broker.Node.Configuration;

/// <summary>Everything that the program is told.</summary>
internal sealed record NodeOptions
{
    /// <summary>The broker's part.</summary>
    public required BrokerOptions Broker { get; init; }

    /// <summary><c>mqtt.management</c>.</summary>
    public required ManagementOptions Management { get; init; }

    /// <summary><c>mqtt.load-balancer</c>.</summary>
    public required LoadBalancerOptions LoadBalancer { get; init; }

    /// <summary><c>mqtt.azure</c>.</summary>
    public required AzureOptions Azure { get; init; }

    /// <summary><c>mqtt.telemetry</c>.</summary>
    public required TelemetryOptions Telemetry { get; init; }

    /// <summary><c>mqtt.logging</c>.</summary>
    public required LoggingOptions Logging { get; init; }
}
