namespace Broker.Node.Azure;

/// <summary>What a node does about its machine's events.</summary>
/// <param name="Leave">The event that ends the machine, or the process on it, first; null: none does.</param>
/// <param name="TurnAway">The event for which new clients should go elsewhere, because the machine will stand still; null: none.</param>
internal readonly record struct MaintenancePlan(ScheduledEvent? Leave, ScheduledEvent? TurnAway)
{
    private const string Freeze = "Freeze";

    private static readonly string[] Ends = ["Terminate", "Preempt", "Redeploy", "Reboot"];

    /// <summary>Of all events those that concern this machine count. What the service will call other things later is left alone.</summary>
    public static MaintenancePlan For(ScheduledEvents events, string machine, DateTimeOffset now)
    {
        var own = events.Events.Where(one => one.Concerns(machine)).ToList();
        return new MaintenancePlan(own.Where(static one => Ends.Contains(one.EventType)).MinBy(one => one.Until(now)), own.Find(static one => one.EventType == Freeze));
    }

    /// <summary>Whether this machine may say that the event can begin: the others that it concerns have their own word.</summary>
    public static bool MayApprove(ScheduledEvent one) => one.EventStatus == "Scheduled" && one.Resources.Count == 1;
}
