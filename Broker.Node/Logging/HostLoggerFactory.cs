using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Broker.Node.Logging;

/// <summary>
/// The usual factory, but for one entry: a host that cannot start logs the exception and throws it as well. Who catches it
/// tells it in a line where it is the operator's to mend, and whole where it is not; it must not be there twice.
/// </summary>
internal sealed class HostLoggerFactory(
    IEnumerable<ILoggerProvider> providers, IOptionsMonitor<LoggerFilterOptions> filters, IOptions<LoggerFactoryOptions> options) : ILoggerFactory
{
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    private readonly LoggerFactory _inner = new(providers, filters, options);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName)
    {
        var logger = _inner.CreateLogger(categoryName);
        return categoryName == HostCategory ? new HostLogger(logger) : logger;
    }

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => _inner.AddProvider(provider);

    /// <inheritdoc/>
    public void Dispose() => _inner.Dispose();

    private sealed class HostLogger(ILogger inner) : ILogger
    {
        private const string StartFailed = "HostedServiceStartupFaulted";

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name != StartFailed)
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
