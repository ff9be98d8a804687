using Broker.Protocol.Packets;

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

    /// <summary>WebSocket.</summary>
    public int WebSocketPort { get; init; }

    /// <summary>WebSocket over TLS without client certificates.</summary>
    public int SecureWebSocketPort { get; init; }

    /// <summary>WebSocket over TLS that requires a client certificate.</summary>
    public int MutualWebSocketPort { get; init; }

    /// <summary>Those of the TLS listeners.</summary>
    public Certificates? Certificates { get; init; }

    /// <summary>The last lines that the broker printed.</summary>
    public Func<string> Transcript { get; private init; } = () => "(not started by the specs)";

    /// <summary>The same, of a process that prints.</summary>
    public BrokerEndpoint With(Func<string> transcript) => new()
    {
        Host = Host,
        Port = Port,
        TlsPort = TlsPort,
        MutualTlsPort = MutualTlsPort,
        WebSocketPort = WebSocketPort,
        SecureWebSocketPort = SecureWebSocketPort,
        MutualWebSocketPort = MutualWebSocketPort,
        Certificates = Certificates,
        Transcript = transcript,
    };

    /// <summary>Connects a client and expects it to be accepted. Left out: a client id of its own, and a session that ends with the connection.</summary>
    public Task<RawClient> ConnectAsync(
        ProtocolVersion version,
        string? clientId = null,
        bool cleanStart = true,
        uint? sessionExpiry = null,
        ushort keepAlive = 0,
        WillMessage? will = null,
        ushort? receiveMaximum = null,
        uint? maximumPacketSize = null,
        ushort topicAliasMaximum = 0) =>
        RawClient.ConnectAsync(this, new ConnectPacket
        {
            Version = version,
            ClientId = clientId ?? Unique.Name("raw"),
            CleanStart = cleanStart,
            SessionExpiryInterval = sessionExpiry,
            KeepAlive = keepAlive,
            Will = will,
            ReceiveMaximum = receiveMaximum,
            MaximumPacketSize = maximumPacketSize,
            TopicAliasMaximum = topicAliasMaximum,
        });

    /// <summary>Connects a client whose session outlives the connection, and resumes the session that it has.</summary>
    public Task<RawClient> ConnectPersistentAsync(ProtocolVersion version, string clientId, ushort? receiveMaximum = null) =>
        ConnectAsync(version, clientId, cleanStart: false, sessionExpiry: 300, receiveMaximum: receiveMaximum);
}
