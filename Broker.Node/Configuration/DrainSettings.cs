using Broker.Actors.Hosting;

namespace Broker.Node.Configuration;

/// <summary><c>mqtt.drain</c>.</summary>
internal static class DrainSettings
{
    public static DrainOptions Read(SettingReader drain)
    {
        var defaults = new DrainOptions();
        var options = new DrainOptions
        {
            Wait = drain.Duration("wait", defaults.Wait, TimeSpan.Zero, TimeSpan.FromHours(1)),
            Rate = drain.Number("rate", defaults.Rate, 0, 1_000_000),
            Deadline = drain.Duration("deadline", defaults.Deadline, TimeSpan.Zero, TimeSpan.FromDays(1)),
            TcpProbe = drain.Flag("tcp-probe", defaults.TcpProbe),
            TurnWait = drain.Duration("turn-wait", defaults.TurnWait, TimeSpan.Zero, TimeSpan.FromDays(1)),
        };

        if (options.Wait > options.Deadline)
        {
            drain.Problem("wait", $"must not be more than {drain.Key("deadline")}, which is {Duration.Show(options.Deadline)}; lower this one or raise that one.");
        }

        return options;
    }
}
