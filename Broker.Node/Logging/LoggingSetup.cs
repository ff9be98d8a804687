using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Broker.Node.Logging;

/// <summary>Standard output, nothing else.</summary>
internal static class LoggingSetup
{
    /// <summary>Lines that wait for who reads standard output: those of a second in which thousands of clients come back.</summary>
    private const int MostWaiting = 20_000;

    /// <summary>Adds the console in the configured format and the levels.</summary>
    /// <param name="logging">Of a factory.</param>
    /// <param name="options">The format.</param>
    /// <param name="levels">What is shown, now and later.</param>
    public static void Configure(ILoggingBuilder logging, LoggingOptions options, LogLevels levels)
    {
        logging.ClearProviders();

        // Akka.Remote sets options on its listening socket that only connections have, and DotNetty warns of each.
        logging.AddFilter("DotNetty.Transport.Bootstrapping", LogLevel.Error);
        logging.Services.AddSingleton<IConfigureOptions<LoggerFilterOptions>>(levels);
        logging.Services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(levels);
        logging.Services.TryAddSingleton(TimeProvider.System);
        logging.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory, HostLoggerFactory>());

        // Event loops write to the log. Who reads standard output may stand still, and clients must not stand still with it: what is dropped is counted in the log.
        logging.Services.Configure<ConsoleLoggerOptions>(static console =>
        {
            console.MaxQueueLength = MostWaiting;
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
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
