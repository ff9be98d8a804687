using System.Text;
using Akka.Configuration.Hocon;

namespace Broker.Node.Configuration;

/// <summary>HOCON values to text and back.</summary>
internal static class HoconText
{
    /// <summary>A value as HOCON on one line.</summary>
    public static string Show(HoconValue value)
    {
        if (value.IsArray())
        {
            return "[" + string.Join(", ", value.GetArray().Select(Show)) + "]";
        }

        if (value.GetObject() is { } block)
        {
            return "{" + string.Join(", ", block.Items.Select(item => $"{KeyPath.Join([item.Key])} = {Show(item.Value)}")) + "}";
        }

        return Show(Plain(value));
    }

    /// <summary>The text of a value that is neither a list nor a block.</summary>
    public static string Plain(HoconValue value) => value.GetString() ?? "";

    /// <summary>Text as HOCON: bare where that reads back the same, otherwise quoted.</summary>
    public static string Show(string text) => text.Length > 0 && text.All(IsPlain) ? text : Quote(text);

    /// <summary>A HOCON string in quotes.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ => quoted.Append(character),
            };
        }

        return quoted.Append('"').ToString();
    }

    private static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.';
}
