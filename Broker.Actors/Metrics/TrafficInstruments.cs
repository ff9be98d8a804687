using System.Diagnostics.Metrics;
using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Actors.Metrics;

/// <summary>Connections, and what goes over them.</summary>
internal static class TrafficInstruments
{
    private static readonly QualityOfService[] AllQoS = Enum.GetValues<QualityOfService>();

    public static void Create(Meter meter, BrokerContext context, SessionServices sessions)
    {
        meter.CreateObservableUpDownCounter(
            "mqtt.connections", () => Connections(context), "{connection}", "Open connections: clients with CONNACK, and those that are not so far.");
        meter.CreateObservableCounter(
            "mqtt.authentications",
            () => Enum.GetValues<AuthenticationOutcome>().Select(outcome => Sum(context, loop => loop.Authenticated(outcome)).With("result", outcome.Name())),
            "{authentication}",
            "Clients that were authenticated, or not.");
        meter.CreateObservableCounter("mqtt.packets", () => Directions(context, static loop => loop.PacketsReceived, static loop => loop.PacketsSent), "{packet}", "MQTT packets of all types.");
        meter.CreateObservableCounter("mqtt.network.io", () => Directions(context, static loop => loop.BytesReceived, static loop => loop.BytesSent), "By", "Bytes of MQTT, above TLS and WebSocket.");
        meter.CreateObservableCounter(
            "mqtt.messages",
            () => ByQoS(context, static (loop, qos) => loop.Received(qos), static (loop, qos) => loop.Sent(qos)),
            "{message}",
            "PUBLISH packets.");
        meter.CreateObservableCounter(
            "mqtt.messages.payload",
            () => ByQoS(context, static (loop, qos) => loop.ReceivedPayload(qos), static (loop, qos) => loop.SentPayload(qos)),
            "By",
            "Bytes of the payloads of PUBLISH packets.");
        meter.CreateObservableCounter(
            "mqtt.messages.dropped",
            () => Enum.GetValues<DropReason>().Select(reason => Totals.Dropped(context, sessions, reason).With("reason", reason.Name())),
            "{message}",
            "Messages that a subscriber did not get.");
    }

    private static Measurement<long>[] Connections(BrokerContext context)
    {
        long connected = 0, other = 0;
        foreach (var connection in context.Directory.All)
        {
            if (connection.IsConnected)
            {
                connected++;
            }
            else
            {
                other++;
            }
        }

        return [connected.With("state", "connected"), other.With("state", "other")];
    }

    private static Measurement<long>[] Directions(BrokerContext context, Func<LoopCounters, long> received, Func<LoopCounters, long> sent) =>
        [Sum(context, received).To(MetricLabels.Received), Sum(context, sent).To(MetricLabels.Sent)];

    private static IEnumerable<Measurement<long>> ByQoS(
        BrokerContext context, Func<LoopCounters, QualityOfService, long> received, Func<LoopCounters, QualityOfService, long> sent)
    {
        foreach (var qos in AllQoS)
        {
            yield return Sum(context, loop => received(loop, qos)).To(MetricLabels.Received, (int)qos);
            yield return Sum(context, loop => sent(loop, qos)).To(MetricLabels.Sent, (int)qos);
        }
    }

    private static long Sum(BrokerContext context, Func<LoopCounters, long> count) => context.Loops.All.Sum(loop => count(loop.Counters));
}
