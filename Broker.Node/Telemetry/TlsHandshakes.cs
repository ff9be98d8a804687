using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using Broker.Actors.Metrics;

namespace Broker.Node.Telemetry;

/// <summary>
/// Counts the handshakes in which this process is the server, as .NET's TLS tells of them: clients on every listener with TLS, and nodes, where remoting has it.
/// </summary>
internal sealed class TlsHandshakes : EventListener
{
    private const string SourceName = "System.Net.Security";

    private readonly Meter _meter = new(NodeMeter.Name);
    private long _begun;
    private long _failed;

    public TlsHandshakes()
    {
        _meter.CreateObservableCounter("mqtt.tls.handshakes", () => Volatile.Read(ref _begun), "{handshake}", "TLS handshakes that a client or another node has begun.");
        _meter.CreateObservableCounter("mqtt.tls.handshakes.failed", () => Volatile.Read(ref _failed), "{handshake}", "Those of them that failed.");
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == SourceName)
        {
            EnableEvents(eventSource, EventLevel.Informational);
        }
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // Both begin with whether it is the server's side.
        if (eventData is { EventName: "HandshakeStart", Payload: [true, ..] })
        {
            Interlocked.Increment(ref _begun);
        }
        else if (eventData is { EventName: "HandshakeFailed", Payload: [true, ..] })
        {
            Interlocked.Increment(ref _failed);
        }
    }
}
