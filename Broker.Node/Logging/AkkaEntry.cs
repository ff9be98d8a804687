namespace Broker.Node.Logging;

/// <summary>
/// Akka's entries come under one category, each with a line of its own making in front: level, time, thread, source. The
/// console says most of that already.
/// </summary>
internal static class AkkaEntry
{
    private const string SourceKey = "LogSource";

    /// <summary>The source and the bare message of an entry of Akka's; null for any other.</summary>
    public static (string Source, string Message)? Read<TState>(TState state, string message)
    {
        if (state is not IEnumerable<KeyValuePair<string, object>> values)
        {
            return null;
        }

        foreach (var (key, value) in values)
        {
            if (key == SourceKey && value is string source)
            {
                var mark = $"[{source}] ";
                var start = message.IndexOf(mark, StringComparison.Ordinal);
                return (Short(source), start < 0 ? message : message[(start + mark.Length)..]);
            }
        }

        return null;
    }

    /// <summary>"Cluster (akka://mqtt)" without the system; an actor's path without the address.</summary>
    private static string Short(string source)
    {
        var system = source.IndexOf(" (akka", StringComparison.Ordinal);
        if (system > 0)
        {
            return source[..system];
        }

        var address = source.IndexOf("://", StringComparison.Ordinal);
        var path = address < 0 ? -1 : source.IndexOf('/', address + 3);
        return path < 0 ? source : source[path..];
    }
}
