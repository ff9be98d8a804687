using System.Runtime.InteropServices;
using System.Text;

namespace Broker.Protocol.Codec.Reading;

/// <summary>
/// The topic names that a connection published to of late: publishers repeat themselves, and a name that is known needs
/// neither a string nor a check. Direct-mapped and small; only names that passed the check come in.
/// </summary>
internal sealed class TopicCache
{
    /// <summary>Bytes of the longest name kept.</summary>
    public const int MaxBytes = 256;

    private const int Slots = 16;

    /// <summary>Made at the first PUBLISH: most connections of a large system only listen.</summary>
    private string?[]? _names;

    /// <summary>The string of these bytes, or null where it is not here.</summary>
    public string? Find(ReadOnlySpan<byte> utf8)
    {
        if (_names is null || utf8.Length > MaxBytes)
        {
            return null;
        }

        var name = _names[Slot(utf8)];
        return name is not null && AreEqual(name, utf8) ? name : null;
    }

    /// <summary>Keeps the name, in the place of the one with the same hash; a long one is left out.</summary>
    public void Keep(ReadOnlySpan<byte> utf8, string name)
    {
        if (utf8.Length <= MaxBytes)
        {
            (_names ??= new string?[Slots])[Slot(utf8)] = name;
        }
    }

    private static bool AreEqual(string name, ReadOnlySpan<byte> utf8)
    {
        if (name.Length == utf8.Length)
        {
            return Ascii.Equals(utf8, name); // as many bytes as characters: only ASCII can be equal
        }

        Span<byte> encoded = stackalloc byte[MaxBytes];
        return name.Length < utf8.Length
            && Encoding.UTF8.TryGetBytes(name, encoded, out var length)
            && encoded[..length].SequenceEqual(utf8);
    }

    private static int Slot(ReadOnlySpan<byte> utf8)
    {
        const ulong Factor = 0x9E37_79B9_7F4A_7C15;
        var hash = (ulong)utf8.Length * Factor;
        var words = MemoryMarshal.Cast<byte, ulong>(utf8);
        foreach (var word in words)
        {
            hash = (hash ^ word) * Factor;
            hash ^= hash >> 32;
        }

        foreach (var rest in utf8[(words.Length * sizeof(ulong))..])
        {
            hash = (hash ^ rest) * Factor;
        }

        return (int)(hash >> 60);
    }
}
