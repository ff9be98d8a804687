namespace Broker.Specs.EndToEnd.Harness;

/// <summary>Waits for a condition that nothing announces.</summary>
internal static class Eventually
{
    /// <summary>Asks again and again until it holds. False once the limit has passed.</summary>
    public static async Task<bool> HoldsAsync(Func<Task<bool>> condition, TimeSpan limit)
    {
        var end = TimeProvider.System.GetTimestamp() + (long)(limit.TotalSeconds * TimeProvider.System.TimestampFrequency);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (!await condition())
        {
            if (TimeProvider.System.GetTimestamp() > end)
            {
                return false;
            }

            await pause.WaitForNextTickAsync();
        }

        return true;
    }
}
