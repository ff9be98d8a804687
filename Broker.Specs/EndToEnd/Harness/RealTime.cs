namespace Broker.Specs.EndToEnd.Harness;

/// <summary>
/// Lets time pass for a broker in another process, whose clock cannot be turned. Only for rules about time itself, where nothing
/// that can be observed happens at its end: a queued message that expires, say.
/// </summary>
internal static class RealTime
{
    /// <summary>Completes after this much time.</summary>
    public static async Task PassesAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync();
    }
}
