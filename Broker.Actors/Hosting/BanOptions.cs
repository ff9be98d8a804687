namespace Broker.Actors.Hosting;

/// <summary><c>mqtt.bans</c>: who is turned away for a time, by this node.</summary>
public sealed record BanOptions
{
    /// <summary>Failed authentications of one address (or /64 of IPv6) within <see cref="Window"/> that get it banned; 0: nobody is.</summary>
    public int BadLogins { get; init; }

    /// <summary>Connects of one client id within <see cref="Window"/> that get it banned; 0: nobody is.</summary>
    public int Connects { get; init; }

    /// <summary>Counted from the first.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a ban holds.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(5);
}
