using Broker.Actors.Clustering.Operations;
using Broker.Actors.Connections;
using Broker.Actors.Sessions;

namespace Broker.Actors.Hosting;

/// <summary>Adds up what a node's event loops count.</summary>
internal static class Totals
{
    private static readonly DropReason[] Reasons = Enum.GetValues<DropReason>();

    public static NodeTotals Of(BrokerContext context, SessionServices sessions)
    {
        var totals = new NodeTotals { Connected = context.Directory.All.Count(static connection => connection.IsConnected) };
        foreach (var loop in context.Loops.All)
        {
            var counters = loop.Counters;
            totals += new NodeTotals(
                Connected: 0,
                Volatile.Read(ref counters.PacketsReceived),
                Volatile.Read(ref counters.PacketsSent),
                counters.PublishReceived,
                counters.PublishSent,
                Volatile.Read(ref counters.BytesReceived),
                Volatile.Read(ref counters.BytesSent),
                Dropped: 0);
        }

        return totals with { Dropped = Reasons.Sum(reason => Dropped(context, sessions, reason)) };
    }

    /// <summary>Messages dropped for one reason.</summary>
    public static long Dropped(BrokerContext context, SessionServices sessions, DropReason reason) =>
        sessions.Dropped[reason] + context.Loops.All.Sum(loop => loop.Counters.Dropped(reason));
}
