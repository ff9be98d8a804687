namespace Broker.Protocol.Transport.Tls;

/// <summary>Goes up the pipeline when the TLS handshake is over.</summary>
/// <param name="Failure">Why it failed; null: it is complete.</param>
internal sealed record HandshakeEnd(Exception? Failure);
