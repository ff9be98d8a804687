using Broker.Actors.Hosting;

namespace Broker.Node.Configuration;

/// <summary><c>mqtt.bans</c>.</summary>
internal static class BanSettings
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static BanOptions Read(SettingReader bans)
    {
        var defaults = new BanOptions();
        return new BanOptions
        {
            BadLogins = bans.Number("bad-logins", defaults.BadLogins, 0, int.MaxValue),
            Connects = bans.Number("connects", defaults.Connects, 0, int.MaxValue),
            Window = bans.Duration("window", defaults.Window, Shortest, Longest),
            Duration = bans.Duration("duration", defaults.Duration, Shortest, Longest),
        };
    }
}
