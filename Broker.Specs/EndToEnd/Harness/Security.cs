namespace Broker.Specs.EndToEnd.Harness;

/// <summary>What is below MQTT.</summary>
public enum Security
{
    /// <summary>Plain TCP.</summary>
    None,

    /// <summary>TLS; the client verifies the server.</summary>
    Tls,

    /// <summary>TLS; the server asks for the client's certificate too.</summary>
    MutualTls,

    /// <summary>WebSocket.</summary>
    WebSocket,

    /// <summary>WebSocket over TLS; the client verifies the server.</summary>
    SecureWebSocket,

    /// <summary>WebSocket over TLS, with a client certificate.</summary>
    MutualWebSocket,
}
