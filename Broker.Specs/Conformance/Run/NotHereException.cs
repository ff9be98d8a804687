namespace Broker.Specs.Conformance.Run;

/// <summary>
/// The broker lacks something optional that a spec needs. Our own lacks nothing of the kind: there it fails the spec. A run against
/// another broker skips it.
/// </summary>
internal sealed class NotHereException(string message) : Exception(message);
