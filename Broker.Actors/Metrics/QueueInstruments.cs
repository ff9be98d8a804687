using System.Diagnostics.Metrics;
using Broker.Actors.Connections;
using Broker.Actors.Sessions;

namespace Broker.Actors.Metrics;

/// <summary>What waits for clients, who is held, and what is kept.</summary>
internal static class QueueInstruments
{
    private static readonly HoldReasons[] Holds = [.. Enum.GetValues<HoldReasons>().Where(static reason => reason != HoldReasons.None)];

    public static void Create(Meter meter, BrokerContext context, SessionServices sessions)
    {
        meter.CreateObservableUpDownCounter("mqtt.subscriptions", () => (long)context.Routes.Tree.Count, "{subscription}", "Subscriptions that this node routes to itself.");
        meter.CreateObservableUpDownCounter("mqtt.retained.messages", () => (long)context.RetainedCopy.Count, "{message}", "Retained messages in this node's copy, $SYS included.");
        meter.CreateObservableUpDownCounter(
            "mqtt.queue.messages", () => sessions.Entities.Depth().Messages, "{message}", "Messages queued for the durable sessions whose entity is in memory here.");
        meter.CreateObservableUpDownCounter("mqtt.queue.size", () => sessions.Entities.Depth().Bytes, "By", "Bytes of their payloads and topics.");
        meter.CreateObservableUpDownCounter(
            "mqtt.inflight.messages", () => sessions.Entities.Depth().Inflight, "{message}", "Messages that those sessions' clients have not acknowledged.");
        meter.CreateObservableUpDownCounter(
            "mqtt.delivery.backlog", () => context.Loops.All.Sum(static loop => (long)loop.Backlog.Count), "{message}", "Deliveries handed to an event loop that it has not written.");
        meter.CreateObservableUpDownCounter(
            "mqtt.outbound.messages", () => context.Directory.All.Sum(static connection => (long)connection.Waiting.Messages), "{message}", "QoS 0 messages that wait for clients that read too slowly.");
        meter.CreateObservableUpDownCounter("mqtt.outbound.size", () => context.Directory.All.Sum(static connection => connection.Waiting.Bytes), "By", "Bytes of them.");
        meter.CreateObservableUpDownCounter("mqtt.connections.held", () => Held(context), "{connection}", "Connections that are not read from, by why.");
    }

    private static Measurement<long>[] Held(BrokerContext context)
    {
        var counts = new long[Holds.Length];
        foreach (var connection in context.Directory.All)
        {
            var holds = connection.Holds;
            for (var i = 0; holds != HoldReasons.None && i < Holds.Length; i++)
            {
                counts[i] += (holds & Holds[i]) == 0 ? 0 : 1;
            }
        }

        return [.. Holds.Select((reason, index) => counts[index].With("reason", reason.Name()))];
    }
}
