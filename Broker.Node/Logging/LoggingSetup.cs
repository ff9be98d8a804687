using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Broker.Node.Logging;

/// <summary>Standard output, nothing else.</summary>
internal static class LoggingSetup
{
    /// <summary>Adds the console in the configured format and the levels.</summary>
    public static void Configure(ILoggingBuilder logging, LoggingOptions options)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(options.Level);

        // Akka.Remote sets options on its listening socket that only connections have, and DotNetty warns of each.
        logging.AddFilter("DotNetty.Transport.Bootstrapping", LogLevel.Error);
        foreach (var (category, level) in options.Levels)
        {
            logging.AddFilter(category, level);
        }

        logging.Services.TryAddSingleton(TimeProvider.System);
        logging.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory, HostLoggerFactory>());
        if (options.Format == LogFormat.Json)
        {
            logging.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        }
        else
        {
            logging.AddConsole(console => console.FormatterName = LineFormatter.FormatterName);
            logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
        }
    }
}
