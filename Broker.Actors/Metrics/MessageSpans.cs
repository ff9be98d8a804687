using System.Diagnostics;
using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Protocol.Packets;

namespace Broker.Actors.Metrics;

/// <summary>
/// Spans of CONNECT and PUBLISH, of those messages that are measured anyway (<see cref="PublishTimes"/>), and of those whose publisher brings a trace with it:
/// the user property <c>traceparent</c> of W3C's "Trace Context: MQTT", which other nodes and subscribers get too. Decision 0019. Any thread.
/// </summary>
internal sealed class MessageSpans
{
    /// <summary>Messages whose spans may still get others below them.</summary>
    private const int Remembered = 1_024;

    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    private static readonly ActivitySource Source = new(NodeMeter.Name);

    private readonly Entry?[] _entries = new Entry?[Remembered];

    /// <summary>Whether anybody wants spans.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>The trace that somebody brings with a packet; null: none.</summary>
    public static ActivityContext? Brought(IReadOnlyList<UserProperty> properties)
    {
        string? parent = null, state = null;
        foreach (var (name, value) in properties)
        {
            (parent, state) = name switch { TraceParent => (value, state), TraceState => (parent, value), _ => (parent, state) };
        }

        return parent is not null && ActivityContext.TryParse(parent, state, isRemote: true, out var context) ? context : null;
    }

    /// <summary>A CONNECT has been read; null: nobody wants to know of this one.</summary>
    public static Activity? Connect(ConnectPacket packet, string listener)
    {
        var span = Start("CONNECT", ActivityKind.Server, Brought(packet.UserProperties), TimeSpan.Zero);
        return span?.SetTag("messaging.client.id", packet.ClientId.Shortened()).SetTag("mqtt.listener", listener).SetTag("mqtt.version", Inspection.Names.Of(packet.Version));
    }

    /// <summary>It is answered.</summary>
    public static void Connected(Activity span, string clientId, ReasonCode reasonCode)
    {
        span.SetTag("messaging.client.id", clientId.Shortened()).SetTag("mqtt.reason_code", $"0x{(byte)reasonCode:X2}");
        End(span, reasonCode);
    }

    /// <summary>A message has been read, matched and handed to all it goes to, in the time until now.</summary>
    public void Published(Publication publication, double seconds)
    {
        if (!IsOn)
        {
            return;
        }

        var brought = publication.Properties is { UserProperties: { Count: > 0 } properties } ? Brought(properties) : null;
        if (Start("PUBLISH", ActivityKind.Consumer, brought, TimeSpan.FromSeconds(seconds)) is { } span)
        {
            span.SetTag("messaging.destination.name", publication.Topic.Shortened())
                .SetTag("messaging.client.id", publication.ClientId?.Shortened())
                .SetTag("messaging.message.body.size", publication.Payload.Length)
                .SetTag("mqtt.qos", (int)publication.QoS);
            Remember(publication.Stamp, span.Context);
            span.Stop();
        }
    }

    /// <summary>A link has brought a message, whose publisher has brought a trace.</summary>
    public void Arrived(uint stamp, ActivityContext brought) => Remember(stamp, brought);

    /// <summary>It was handed to sockets of one event loop.</summary>
    public void Delivered(uint stamp, double seconds) => Below(stamp, "deliver", ActivityKind.Producer, seconds);

    /// <summary>Its PUBACK was written.</summary>
    public void Acknowledged(uint stamp, double seconds) => Below(stamp, "acknowledge", ActivityKind.Internal, seconds);

    private void Below(uint stamp, string name, ActivityKind kind, double seconds)
    {
        if (IsOn && Volatile.Read(ref _entries[stamp % Remembered]) is { } entry && entry.Stamp == stamp)
        {
            Start(name, kind, entry.Context, TimeSpan.FromSeconds(seconds))?.Stop();
        }
    }

    private void Remember(uint stamp, ActivityContext context) => Volatile.Write(ref _entries[stamp % Remembered], new Entry(stamp, context));

    private static Activity? Start(string name, ActivityKind kind, ActivityContext? parent, TimeSpan ago)
    {
        // What the event loop does next does not belong to it.
        var before = Activity.Current;
        Activity.Current = null;
        var span = Source.StartActivity(name, kind, parent ?? default, startTime: DateTimeOffset.UtcNow - ago);
        Activity.Current = before;
        return span;
    }

    private static void End(Activity span, ReasonCode reasonCode)
    {
        var before = Activity.Current;
        span.SetStatus(reasonCode < ReasonCode.UnspecifiedError ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        span.Stop();
        Activity.Current = before;
    }

    private sealed record Entry(uint Stamp, ActivityContext Context);
}
