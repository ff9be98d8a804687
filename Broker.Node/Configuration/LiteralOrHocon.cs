namespace Broker.Node.Configuration;

/// <summary>The right side of <c>--set</c> and of an environment variable.</summary>
internal static class LiteralOrHocon
{
    /// <summary>
    /// <c>key = value</c> as HOCON. A value that opens a list, a block, a quoted text or a substitution is HOCON already; any other is
    /// taken letter by letter, so that connection strings and passwords need no quoting beyond the shell's.
    /// </summary>
    public static ConfigurationLayer Assign(string key, string value, string origin)
    {
        var text = value.Trim();
        var isHocon = text.StartsWith('[') || text.StartsWith('{') || text.StartsWith('"') || text.StartsWith("${", StringComparison.Ordinal);
        return HoconSource.Text($"{key} = {(isHocon ? text : HoconText.Quote(text))}", origin);
    }
}
