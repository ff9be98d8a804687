using Broker.Protocol.Packets;

namespace Broker.Actors.Tracing;

/// <summary>Texts of lines, which clients choose: none is so long that many of them fill the memory.</summary>
internal static class TraceText
{
    /// <summary>Characters of a text.</summary>
    public const int Longest = 256;

    /// <summary>Characters of a filter among others.</summary>
    public const int LongestFilter = 64;

    /// <summary>Filters, or reason codes, of a packet.</summary>
    public const int MostItems = 8;

    /// <summary>The text, or its beginning and "…".</summary>
    public static string? Cut(string? text, int longest = Longest) => text is null || text.Length <= longest ? text : text[..(longest - 1)] + '…';

    /// <summary>The packet's name in the specification.</summary>
    public static string Name(PacketType type) => type.ToString().ToUpperInvariant();

    /// <summary>As in <c>0x87 NotAuthorized</c>; null: success.</summary>
    public static string? Show(ReasonCode code) => code == ReasonCode.Success ? null : $"0x{(byte)code:X2} {code}";

    /// <summary>The first few.</summary>
    public static string Show(IReadOnlyList<ReasonCode> codes) =>
        string.Join(", ", codes.Take(MostItems).Select(static code => $"0x{(byte)code:X2}")) + (codes.Count > MostItems ? ", …" : "");

    /// <summary>The first few.</summary>
    public static IReadOnlyList<string> Cut(IEnumerable<string> filters) => [.. filters.Take(MostItems).Select(static filter => Cut(filter, LongestFilter)!)];
}
