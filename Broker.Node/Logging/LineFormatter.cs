using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Broker.Node.Logging;

/// <summary><c>2026-01-02T03:04:05.678Z info  Sessions: message</c>. A stack trace follows on lines of its own, indented.</summary>
internal sealed class LineFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    /// <summary>As the console logger knows it.</summary>
    public const string FormatterName = "line";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.Write(time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        textWriter.Write(Level(logEntry.LogLevel));
        if (AkkaEntry.Read(logEntry.State, message) is var (source, text))
        {
            Write(textWriter, source, text);
        }
        else
        {
            Write(textWriter, logEntry.Category.AsSpan(logEntry.Category.LastIndexOf('.') + 1), message);
        }

        if (logEntry.Exception is not { } exception)
        {
            return;
        }

        foreach (var line in exception.ToString().EnumerateLines())
        {
            textWriter.Write("    ");
            WriteOnOneLine(textWriter, line);
            textWriter.Write('\n');
        }
    }

    private static void Write(TextWriter writer, ReadOnlySpan<char> source, string message)
    {
        WriteOnOneLine(writer, source);
        writer.Write(": ");
        WriteOnOneLine(writer, message);
        writer.Write('\n');
    }

    /// <summary>Client ids and topics come from strangers: what they send cannot start a line or steer the terminal.</summary>
    private static void WriteOnOneLine(TextWriter writer, ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (char.IsControl(character))
            {
                writer.Write($"\\u{(int)character:x4}");
            }
            else
            {
                writer.Write(character);
            }
        }
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => " trace ",
        LogLevel.Debug => " debug ",
        LogLevel.Information => " info  ",
        LogLevel.Warning => " warn  ",
        LogLevel.Error => " error ",
        _ => " crit  ",
    };
}
