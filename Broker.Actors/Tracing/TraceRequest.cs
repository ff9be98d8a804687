namespace Broker.Actors.Tracing;

/// <summary>A trace that somebody asks for.</summary>
/// <param name="Filter">Of what.</param>
/// <param name="Duration">How long, at most <see cref="LongestDuration"/>.</param>
/// <param name="Rate">Lines in a second, 1 to <see cref="HighestRate"/>; what is more is counted.</param>
public sealed record TraceRequest(TraceFilter Filter, TimeSpan Duration, int Rate = TraceRequest.DefaultRate)
{
    /// <summary>Where nobody says how long.</summary>
    public static readonly TimeSpan DefaultDuration = TimeSpan.FromMinutes(1);

    /// <summary>A trace that is forgotten ends by itself.</summary>
    public static readonly TimeSpan LongestDuration = TimeSpan.FromHours(1);

    /// <summary>Lines in a second where nobody says how many: about what a person can follow by scrolling back.</summary>
    public const int DefaultRate = 100;

    /// <summary>Lines in a second at most: some 300 kB, which neither the links between nodes nor the traced clients notice.</summary>
    public const int HighestRate = 1_000;

    /// <summary>What is wrong with it, or null.</summary>
    public string? Problem =>
        Duration <= TimeSpan.Zero || Duration > LongestDuration ? $"the time must be more than 0 and at most {LongestDuration.TotalHours:0} h"
        : Rate is < 1 or > HighestRate ? $"the rate must be a whole number from 1 to {HighestRate}"
        : Filter.Problem;
}
