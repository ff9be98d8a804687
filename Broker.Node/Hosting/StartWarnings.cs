using Broker.Node.Configuration;
using Microsoft.Extensions.Logging;

namespace Broker.Node.Hosting;

/// <summary>Settings that are right each by itself, and will not do what is wanted together.</summary>
internal static partial class StartWarnings
{
    /// <summary>A line each.</summary>
    public static IEnumerable<string> Of(NodeOptions options)
    {
        var (idle, keepAlive) = (options.LoadBalancer.IdleTimeout, options.Broker.Limits.MaxKeepAlive);
        if (idle > TimeSpan.Zero && (keepAlive == TimeSpan.Zero || keepAlive >= idle))
        {
            var cap = keepAlive == TimeSpan.Zero ? "0 (as the client wishes)" : Duration.Show(keepAlive);
            yield return $"mqtt.limits.max-keep-alive = {cap} lets clients be silent for longer than the load balancer allows (mqtt.load-balancer.idle-timeout = {Duration.Show(idle)}), "
                + $"which then cuts them off. Set it to {Duration.Show(TimeSpan.FromSeconds(Math.Floor(idle.TotalSeconds * 2 / 3)))} or less.";
        }
    }

    /// <summary>Says them in the log.</summary>
    public static void Tell(NodeOptions options, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger(typeof(StartWarnings));
        foreach (var warning in Of(options))
        {
            Warn(logger, warning);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Warning}")]
    private static partial void Warn(ILogger logger, string warning);
}
