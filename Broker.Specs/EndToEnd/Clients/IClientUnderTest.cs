using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Clients;

/// <summary>A client that people use, driven from a spec.</summary>
internal interface IClientUnderTest
{
    /// <summary>Connects, publishes every payload in turn, completes the exchanges and disconnects.</summary>
    Task PublishAsync(Connection connection, Outgoing messages);

    /// <summary>
    /// Connects and subscribes; completes with SUBACK. The client disconnects by itself once it has received
    /// <paramref name="until"/> messages, at once if that is 0.
    /// </summary>
    Task<IRunningClient> SubscribeAsync(Connection connection, string filter, QualityOfService qos, int until);
}

/// <summary>A client that has subscribed.</summary>
internal interface IRunningClient : IAsyncDisposable
{
    /// <summary>What it has received so far, in order.</summary>
    IReadOnlyList<Incoming> Received { get; }

    /// <summary>Waits until it has disconnected by itself.</summary>
    Task EndAsync();

    /// <summary>Ends it without DISCONNECT.</summary>
    Task KillAsync();
}

/// <summary>How a client connects.</summary>
/// <param name="Broker">Where to.</param>
/// <param name="Version">MQTT 3.1.1 or 5.</param>
/// <param name="Security">What is below MQTT.</param>
/// <param name="ClientId">Its client id.</param>
/// <param name="Persistent">Whether the session outlives the connection.</param>
/// <param name="Will">Published at QoS 1 if the client vanishes.</param>
internal sealed record Connection(
    BrokerEndpoint Broker, ProtocolVersion Version, Security Security, string ClientId, bool Persistent = false, Will? Will = null)
{
    /// <summary>The port that belongs to <see cref="Security"/>.</summary>
    public int Port => Security switch
    {
        Security.None => Broker.Port,
        Security.Tls => Broker.TlsPort,
        Security.MutualTls => Broker.MutualTlsPort,
        Security.WebSocket => Broker.WebSocketPort,
        Security.SecureWebSocket => Broker.SecureWebSocketPort,
        _ => Broker.MutualWebSocketPort,
    };

    /// <summary>Whether it goes over WebSocket.</summary>
    public bool IsWebSocket => Security is Security.WebSocket or Security.SecureWebSocket or Security.MutualWebSocket;

    /// <summary>Whether there is TLS.</summary>
    public bool IsSecure => Security is not (Security.None or Security.WebSocket);

    /// <summary>Whether the client shows a certificate.</summary>
    public bool IsMutual => Security is Security.MutualTls or Security.MutualWebSocket;

    /// <summary>The certificates to use; fails where the broker has no TLS listener.</summary>
    public Certificates Certificates => Broker.Certificates ?? throw new InvalidOperationException("This broker has no TLS listener.");
}

/// <summary>A will, as text.</summary>
internal sealed record Will(string Topic, string Payload);

/// <summary>What a client publishes.</summary>
internal sealed record Outgoing(string Topic, QualityOfService QoS, bool Retain, params string[] Payloads);

/// <summary>What a client has received.</summary>
internal sealed record Incoming(string Topic, string Payload, QualityOfService QoS, bool Retain);
