namespace Broker.Specs.Cluster.Harness;

/// <summary>Where a node of a <see cref="TestCluster"/> lives.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Host">Its IPv4 address.</param>
/// <param name="MqttPort">For clients.</param>
/// <param name="ManagementPort">For <c>/ready</c> and the like.</param>
/// <param name="RemotePort">For the other nodes.</param>
/// <param name="Namespace">The network namespace it runs in; null: this machine's own.</param>
internal sealed record NodePlace(int Number, string Host, int MqttPort, int ManagementPort, int RemotePort, string? Namespace)
{
    /// <summary>As the other nodes know it.</summary>
    public string Address => $"akka.tcp://mqtt@{Host}:{RemotePort}";
}
