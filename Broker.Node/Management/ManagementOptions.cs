using Broker.Node.Management.Access;

namespace Broker.Node.Management;

/// <summary><c>mqtt.management</c>: HTTP for operators and load balancers.</summary>
internal sealed record ManagementOptions
{
    /// <summary>Whether it listens.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>An IP address, or localhost.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>0 to 65,535; 0 picks a free one.</summary>
    public int Port { get; init; } = 8082;

    /// <summary>Whether <c>/metrics</c> is answered to everyone, as probes are.</summary>
    public bool OpenMetrics { get; init; }

    /// <summary>Who may ask for more than probes; none: this machine alone.</summary>
    public IReadOnlyList<ManagementToken> Tokens { get; init; } = [];
}
