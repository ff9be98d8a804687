using Broker.Node.Logging;
using Microsoft.Extensions.Logging;

namespace Broker.Node.Configuration;

/// <summary><c>mqtt.logging</c>.</summary>
internal static class LoggingSettings
{
    private enum Level
    {
        Trace = LogLevel.Trace,
        Debug = LogLevel.Debug,
        Info = LogLevel.Information,
        Warning = LogLevel.Warning,
        Error = LogLevel.Error,
        Critical = LogLevel.Critical,
        None = LogLevel.None,
    }

    public static LoggingOptions Read(SettingReader logging)
    {
        var defaults = new LoggingOptions();
        var levels = logging.Section("levels");
        return new LoggingOptions
        {
            Format = logging.Choice("format", defaults.Format),
            Level = (LogLevel)logging.Choice("level", (Level)defaults.Level),
            Levels = levels.Children().ToDictionary(category => category, category => (LogLevel)levels.Choice(category, (Level)defaults.Level)),
        };
    }
}
