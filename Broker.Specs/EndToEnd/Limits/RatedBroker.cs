using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Limits;

/// <summary>A broker with low rates, a listener that accepts slowly, and one that is behind a proxy.</summary>
public sealed class RatedBroker : OwnBroker
{
    /// <summary>Messages of one client in a second.</summary>
    internal const int Messages = 20;

    /// <summary>Bytes of one client in a second.</summary>
    internal const int Bytes = 64 * 1_024;

    /// <summary>Connections of the slow listener in a second.</summary>
    internal const int Connections = 5;

    /// <summary>TLS handshakes under way.</summary>
    internal const int Handshakes = 50;

    private readonly int _slowPort;
    private readonly int _proxiedPort;

    public RatedBroker()
        : this(FreePort.Next(), FreePort.Next())
    {
    }

    private RatedBroker(int slowPort, int proxiedPort)
        : base(
        [
            $"mqtt.limits.max-message-rate={Messages}",
            $"mqtt.limits.max-byte-rate={Bytes}",
            $"mqtt.listeners.tls.tls.max-handshakes={Handshakes}",
            $$"""mqtt.listeners.slow={ type = tcp, enabled = true, host = "127.0.0.1", port = {{slowPort}}, max-connection-rate = {{Connections}} }""",
            $$"""mqtt.listeners.proxied={ type = tcp, enabled = true, host = "127.0.0.1", port = {{proxiedPort}}, proxy-protocol = required, proxy-trusted = ["127.0.0.1"] }""",
        ]) => (_slowPort, _proxiedPort) = (slowPort, proxiedPort);

    /// <summary>The listener that accepts slowly.</summary>
    internal BrokerEndpoint Slow => new BrokerEndpoint { Port = _slowPort }.With(() => Process.Endpoint.Transcript());

    /// <summary>The listener behind a proxy.</summary>
    internal BrokerEndpoint Proxied => new BrokerEndpoint { Port = _proxiedPort }.With(() => Process.Endpoint.Transcript());
}
