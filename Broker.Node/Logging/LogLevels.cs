using Broker.Node.Management.Api;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Broker.Node.Logging;

/// <summary>What the process's log shows: as configured, until an operator changes it. Every logger factory of the process follows. Any thread.</summary>
internal sealed class LogLevels(LoggingOptions options) : IConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>, IDisposable
{
    private static readonly Dictionary<string, LogLevel> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["trace"] = LogLevel.Trace,
        ["debug"] = LogLevel.Debug,
        ["info"] = LogLevel.Information,
        ["warning"] = LogLevel.Warning,
        ["error"] = LogLevel.Error,
        ["critical"] = LogLevel.Critical,
        ["none"] = LogLevel.None,
    };

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LogLevel> _levels = new(options.Levels, StringComparer.Ordinal);
    private LogLevel _level = options.Level;
    private CancellationTokenSource _changed = new();

    /// <inheritdoc/>
    string IOptionsChangeTokenSource<LoggerFilterOptions>.Name => Options.DefaultName;

    /// <summary>For operators.</summary>
    public LogLevelsBody Describe()
    {
        lock (_gate)
        {
            return new LogLevelsBody(Name(_level), _levels.OrderBy(static level => level.Key, StringComparer.Ordinal).ToDictionary(static level => level.Key, static level => Name(level.Value)));
        }
    }

    /// <summary>From now on; false: there is no such level.</summary>
    /// <param name="level">A name.</param>
    /// <param name="category">For categories whose name begins like this; null: for all that have no other.</param>
    public bool TrySet(string level, string? category)
    {
        if (!ByName.TryGetValue(level, out var least))
        {
            return false;
        }

        CancellationTokenSource changed;
        lock (_gate)
        {
            if (string.IsNullOrEmpty(category))
            {
                _level = least;
            }
            else
            {
                _levels[category] = least;
            }

            changed = _changed;
            _changed = new CancellationTokenSource();
        }

        changed.Cancel();
        changed.Dispose();
        return true;
    }

    /// <inheritdoc/>
    public void Configure(LoggerFilterOptions options)
    {
        lock (_gate)
        {
            options.MinLevel = _level;
            foreach (var (category, level) in _levels)
            {
                options.AddFilter(category, level);
            }
        }
    }

    /// <inheritdoc/>
    public IChangeToken GetChangeToken()
    {
        lock (_gate)
        {
            return new CancellationChangeToken(_changed.Token);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _changed.Dispose();

    private static string Name(LogLevel level) => ByName.First(known => known.Value == level).Key;
}
