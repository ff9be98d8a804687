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
}
