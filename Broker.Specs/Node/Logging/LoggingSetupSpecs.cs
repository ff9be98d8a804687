using Broker.Node.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Broker.Specs.Node.Logging;

public sealed class LoggingSetupSpecs
{
    [Fact]
    public void Levels_hold_by_the_start_of_a_category()
    {
        using var services = Services(new LoggingOptions
        {
            Level = LogLevel.Information,
            Levels = new Dictionary<string, LogLevel> { ["Microsoft"] = LogLevel.Warning, ["Broker.Actors.Sessions"] = LogLevel.Trace },
        });
        var loggers = services.GetRequiredService<ILoggerFactory>();

        loggers.CreateLogger("Microsoft.Extensions.Hosting").IsEnabled(LogLevel.Information).Should().BeFalse();
        loggers.CreateLogger("Microsoft.Extensions.Hosting").IsEnabled(LogLevel.Warning).Should().BeTrue();
        loggers.CreateLogger("Broker.Actors.Sessions.SessionActor").IsEnabled(LogLevel.Trace).Should().BeTrue();
        loggers.CreateLogger("Broker.Actors.Routing").IsEnabled(LogLevel.Debug).Should().BeFalse();
        loggers.CreateLogger("Broker.Actors.Routing").IsEnabled(LogLevel.Information).Should().BeTrue();
    }

    [Fact]
    public void The_hosts_report_of_a_failed_start_is_left_to_the_program_and_its_other_entries_are_not()
    {
        var kept = new KeptEntries();
        using var services = Services(new LoggingOptions(), kept);
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.Extensions.Hosting.Internal.Host");

        logger.Log(LogLevel.Error, new EventId(11, "HostedServiceStartupFaulted"), "start", null, (state, _) => state);
        logger.Log(LogLevel.Error, new EventId(9, "BackgroundServiceFaulted"), "later", null, (state, _) => state);

        kept.Messages.Should().Equal("later");
    }

    private static ServiceProvider Services(LoggingOptions options, ILoggerProvider? provider = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging =>
        {
            LoggingSetup.Configure(logging, options);
            if (provider is not null)
            {
                logging.ClearProviders().AddProvider(provider);
            }
        });
        return services.BuildServiceProvider();
    }

    private sealed class KeptEntries : ILoggerProvider, ILogger
    {
        public List<string> Messages { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
