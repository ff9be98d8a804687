using Broker.Actors.Hosting;

namespace Broker.Actors.Draining;

/// <summary>How a node drains whose machine goes at a set time.</summary>
internal static class DrainHaste
{
    /// <summary>Below it there is no time for the load balancer to notice, nor for a rate.</summary>
    private static readonly TimeSpan Urgent = TimeSpan.FromMinutes(1);

    /// <summary>For handing over shards and leaving, once the clients are gone.</summary>
    private static readonly TimeSpan Departure = TimeSpan.FromSeconds(20);

    /// <summary>
    /// As configured, but done in time: it waits for no other node, and half of the time at most for the load balancer; whoever is left at the end goes at once.
    /// </summary>
    public static DrainOptions Within(DrainOptions options, TimeSpan available)
    {
        if (available < Urgent)
        {
            return options with { TurnWait = TimeSpan.Zero, Wait = TimeSpan.Zero, Rate = 0, Deadline = TimeSpan.Zero };
        }

        var deadline = Least(options.Deadline, available - Departure);
        return options with { TurnWait = TimeSpan.Zero, Wait = Least(options.Wait, deadline / 2), Deadline = deadline };
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
