namespace Broker.Node.Configuration;

/// <summary>
/// Finds brackets that do not match. Akka's parser takes a missing <c>}</c> for the end of the file and ignores what
/// follows one too many, so half a file would be lost without a word.
/// </summary>
internal static class HoconBrackets
{
    /// <summary>What is wrong, with its line, or null.</summary>
    public static string? FirstProblem(string hocon)
    {
        var open = new Stack<(char Bracket, int Line)>();
        var line = 1;
        for (var at = 0; at < hocon.Length; at++)
        {
            switch (hocon[at])
            {
                case '\n':
                    line++;
                    break;
                case '#':
                case '/' when at + 1 < hocon.Length && hocon[at + 1] == '/':
                    at = EndOfLine(hocon, at) - 1;
                    break;
                case '"':
                    var end = EndOfString(hocon, at);
                    if (end < 0)
                    {
                        return $"line {line}: a text in quotes does not end; close it with \".";
                    }

                    line += hocon.AsSpan(at, end - at).Count('\n');
                    at = end;
                    break;
                case '{' or '[':
                    open.Push((hocon[at], line));
                    break;
                case '}' or ']':
                    if (!open.TryPop(out var opened) || opened.Bracket != (hocon[at] == '}' ? '{' : '['))
                    {
                        return $"line {line}: '{hocon[at]}' closes nothing; remove it, or open its block before.";
                    }

                    break;
            }
        }

        return open.TryPop(out var left) ? $"line {left.Line}: '{left.Bracket}' is never closed." : null;
    }

    private static int EndOfLine(string hocon, int from) =>
        hocon.IndexOf('\n', from) is var end && end < 0 ? hocon.Length : end;

    /// <summary>The place of the last quote of the string that starts here, or less than zero.</summary>
    private static int EndOfString(string hocon, int from)
    {
        const string Triple = "\"\"\"";
        if (string.CompareOrdinal(hocon, from, Triple, 0, Triple.Length) == 0)
        {
            var close = hocon.IndexOf(Triple, from + Triple.Length, StringComparison.Ordinal);
            return close < 0 ? -1 : close + Triple.Length - 1;
        }

        for (var at = from + 1; at < hocon.Length; at++)
        {
            if (hocon[at] == '\\')
            {
                at++;
            }
            else if (hocon[at] == '"')
            {
                return at;
            }
        }

        return -1;
    }
}
