using Microsoft.Extensions.Logging;

namespace Broker.Node.Logging;

/// <summary>How an entry looks.</summary>
internal enum LogFormat
{
    /// <summary>One line for people.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}

/// <summary><c>mqtt.logging</c>.</summary>
internal sealed record LoggingOptions
{
    /// <summary>How an entry looks.</summary>
    public LogFormat Format { get; init; } = LogFormat.Text;

    /// <summary>The least that is shown.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>Other levels, by the start of a category's name.</summary>
    public IReadOnlyDictionary<string, LogLevel> Levels { get; init; } = new Dictionary<string, LogLevel> { ["Microsoft"] = LogLevel.Warning };
}
