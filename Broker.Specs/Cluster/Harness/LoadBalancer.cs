using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Cluster.Harness;

/// <summary>HAProxy before the nodes, with the configuration that <c>docker/local</c> uses.</summary>
internal sealed class LoadBalancer : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private LoadBalancer(ChildProcess process, BrokerEndpoint endpoint)
    {
        _process = process;
        Endpoint = endpoint;
    }

    /// <summary>Where clients connect.</summary>
    public BrokerEndpoint Endpoint { get; }

    /// <summary>Starts it.</summary>
    /// <param name="nodes">Three.</param>
    /// <param name="interval">Between two probes of a node, in HAProxy's form.</param>
    /// <param name="transcript">Of the nodes, for failure messages.</param>
    public static LoadBalancer Start(IReadOnlyList<NodePlace> nodes, string interval, Func<string> transcript)
    {
        var port = FreePort.Next();
        string[] environment =
        [
            $"LISTEN=127.0.0.1:{port}", $"INTERVAL={interval}",
            .. nodes.SelectMany(node => (string[])
            [
                $"NODE{node.Number}={node.Host}:{node.MqttPort}", $"READY_HOST{node.Number}={node.Host}", $"READY_PORT{node.Number}={node.ManagementPort}",
            ]),
        ];
        var process = ChildProcess.Start("env", [.. environment, "haproxy", "-db", "-f", RepositoryFolder.Find("docker", "local", "haproxy.cfg")]);
        return new LoadBalancer(process, new BrokerEndpoint { Port = port }.With(() => $"[haproxy]\n{process.Transcript(20)}\n{transcript()}"));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
