using Broker.Node.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

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
    public void They_can_be_changed_while_loggers_are_in_use()
    {
        var options = new LoggingOptions();
        using var levels = new LogLevels(options);
        using var services = Services(options, levels: levels);
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Broker.Actors.Sessions.SessionActor");
        logger.IsEnabled(LogLevel.Debug).Should().BeFalse();

        levels.TrySet("debug", "Broker.Actors.Sessions").Should().BeTrue();
        logger.IsEnabled(LogLevel.Debug).Should().BeTrue();
        logger.IsEnabled(LogLevel.Trace).Should().BeFalse();

        levels.TrySet("error", null).Should().BeTrue();
        services.GetRequiredService<ILoggerFactory>().CreateLogger("Broker.Node").IsEnabled(LogLevel.Warning).Should().BeFalse();
        logger.IsEnabled(LogLevel.Debug).Should().BeTrue("its own level holds");

        levels.TrySet("loud", null).Should().BeFalse();
        levels.Describe().Should().BeEquivalentTo(new { Level = "error", Levels = new Dictionary<string, string> { ["Broker.Actors.Sessions"] = "debug", ["Microsoft"] = "warning" } });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_reader_of_the_log_that_stands_still_holds_nobody(bool isJson)
    {
        using var services = Services(new LoggingOptions { Format = isJson ? LogFormat.Json : LogFormat.Text });

        services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.QueueFullMode.Should().Be(ConsoleLoggerQueueFullMode.DropWrite);
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

    private static ServiceProvider Services(LoggingOptions options, ILoggerProvider? provider = null, LogLevels? levels = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging =>
        {
            LoggingSetup.Configure(logging, options, levels ?? new LogLevels(options));
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
