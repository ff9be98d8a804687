namespace Broker.Node.Configuration;

/// <summary>A number and the unit behind it.</summary>
internal static class Measure
{
    /// <summary>Parts "10 s" into "10" and "s".</summary>
    public static (string Number, string Unit) Split(string text)
    {
        var trimmed = text.Trim();
        var end = 0;
        while (end < trimmed.Length && (char.IsAsciiDigit(trimmed[end]) || trimmed[end] is '.' or '-' or '+'))
        {
            end++;
        }

        return (trimmed[..end], trimmed[end..].Trim());
    }
}
