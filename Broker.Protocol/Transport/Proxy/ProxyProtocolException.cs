namespace Broker.Protocol.Transport.Proxy;

/// <summary>The beginning of a connection breaks the PROXY protocol, or what the listener expects of it. The message says why, for the log.</summary>
internal sealed class ProxyProtocolException(string message) : Exception(message);
