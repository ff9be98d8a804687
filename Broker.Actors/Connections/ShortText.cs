namespace Broker.Actors.Connections;

/// <summary>What strangers send, as it is told to people: names of MQTT may have 65,535 bytes, a line of the log and a reason string should not.</summary>
internal static class ShortText
{
    /// <summary>Characters that are kept.</summary>
    public const int Longest = 200;

    /// <summary>As it is, or its beginning and an ellipsis.</summary>
    public static string Shortened(this string text)
    {
        if (text.Length <= Longest)
        {
            return text;
        }

        // Half a character is no UTF-8, which a reason string must be [MQTT-1.5.4-1].
        var end = char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest;
        return string.Concat(text.AsSpan(0, end), "…");
    }
}
