namespace Broker.Specs.EndToEnd.Harness;

/// <summary>Where a broker listens, and what its failure messages should show.</summary>
internal sealed class BrokerEndpoint
{
    /// <summary>A name that the server's certificate holds too.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Plain TCP.</summary>
    public required int Port { get; init; }

    /// <summary>TLS without client certificates.</summary>
    public int TlsPort { get; init; }

    /// <summary>TLS that requires a client certificate.</summary>
    public int MutualTlsPort { get; init; }

    /// <summary>Those of the TLS listeners.</summary>
    public Certificates? Certificates { get; init; }

    /// <summary>The last lines that the broker printed.</summary>
    public Func<string> Transcript { get; init; } = () => "(not started by the specs)";
}
