using System.Runtime.InteropServices;
using System.Text;
using Broker.Actors.Routing;

namespace Broker.Actors.Clustering.Links;

/// <summary>
/// Names that came over a link of late, and what their topics matched: publishers repeat themselves, and a name that is known needs neither a string nor a
/// walk through the tree. Direct-mapped. Single-threaded.
/// </summary>
internal sealed class LinkTopics
{
    private const int SlotBits = 11;

    private const int LongestKept = 256;

    private readonly LinkTopic?[] _slots = new LinkTopic?[1 << SlotBits];

    /// <summary>The entry of this name.</summary>
    public LinkTopic Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestKept)
        {
            return new LinkTopic(utf8);
        }

        ref var slot = ref _slots[Slot(utf8)];
        return slot is not null && slot.Is(utf8) ? slot : slot = new LinkTopic(utf8);
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

        return (int)(hash >> (64 - SlotBits));
    }
}

/// <summary>A name, and what it matched where it is a topic's.</summary>
internal sealed class LinkTopic(ReadOnlySpan<byte> utf8)
{
    private readonly byte[] _utf8 = utf8.ToArray();

    /// <summary>The publisher's match; see <see cref="CachedMatch"/>.</summary>
    public CachedMatch Match;

    public string Name { get; } = Encoding.UTF8.GetString(utf8);

    public bool Is(ReadOnlySpan<byte> name) => name.SequenceEqual(_utf8);
}
