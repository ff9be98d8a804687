using System.Diagnostics.Metrics;
using Broker.Actors.Connections;
using Broker.Actors.Connections.Bans;
using Broker.Protocol.Transport.Limits;

namespace Broker.Actors.Metrics;

/// <summary>Who is turned away.</summary>
internal static class AccessInstruments
{
    public static void Create(Meter meter, BrokerContext context, TransportRefusals transport)
    {
        meter.CreateObservableCounter(
            "mqtt.connections.refused", () => Refused(context, transport), "{connection}", "Connections that did not become a client's, by why.");
        meter.CreateObservableUpDownCounter(
            "mqtt.bans",
            () => Enum.GetValues<BanReason>().Select(reason => (context.Bans?.CountInForce(reason) ?? 0L).With("reason", reason.Name())),
            "{ban}",
            "Addresses and client ids that are banned now.");
        meter.CreateObservableCounter(
            "mqtt.bans.given",
            () => Enum.GetValues<BanReason>().Select(reason => (context.Bans?.Given(reason) ?? 0).With("reason", reason.Name())),
            "{ban}",
            "Bans that have begun.");
    }

    private static IEnumerable<Measurement<long>> Refused(BrokerContext context, TransportRefusals transport)
    {
        yield return transport.OverAddressLimit.With("reason", "address-limit");
        yield return transport.BadProxyHeaders.With("reason", "proxy-header");
        foreach (var reason in Enum.GetValues<RefusalReason>())
        {
            yield return context.Loops.All.Sum(loop => loop.Counters.Refused(reason)).With("reason", reason.Name());
        }
    }
}
