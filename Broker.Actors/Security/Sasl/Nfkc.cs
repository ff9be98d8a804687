using System.Text;

namespace Broker.Actors.Security.Sasl;

/// <summary>
/// The normalization form NFKC of Unicode 3.2 (UAX #15), the one that RFC 3454 asks for. .NET's own does nothing here: the program runs without the culture data that it needs.
/// </summary>
internal static class Nfkc
{
    // Hangul syllables are composed by arithmetic (Unicode, section 3.12).
    private const int SyllableBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TrailBase = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Trails = 28;

    public static string Normalize(IEnumerable<Rune> text)
    {
        var runes = new List<Rune>();
        foreach (var rune in text)
        {
            Decompose(rune, runes);
        }

        Order(runes);
        var composed = new StringBuilder();
        foreach (var rune in Compose(runes))
        {
            composed.Append(rune.ToString());
        }

        return composed.ToString();
    }

    private static void Decompose(Rune rune, List<Rune> into)
    {
        var syllable = rune.Value - SyllableBase;
        if (syllable is >= 0 and < Leads * Vowels * Trails)
        {
            into.Add(new Rune(LeadBase + (syllable / (Vowels * Trails))));
            into.Add(new Rune(VowelBase + (syllable / Trails % Vowels)));
            if (syllable % Trails != 0)
            {
                into.Add(new Rune(TrailBase + (syllable % Trails)));
            }
        }
        else if (Stringprep.Decomposition(rune) is { } parts)
        {
            into.AddRange(parts);
        }
        else
        {
            into.Add(rune);
        }
    }

    /// <summary>Marks behind a character that are independent of each other stand in the order of their classes.</summary>
    private static void Order(List<Rune> runes)
    {
        for (var i = 1; i < runes.Count; i++)
        {
            var moved = runes[i];
            var place = i;
            while (place > 0 && Stringprep.CombiningClass(moved) is var own and not 0 && Stringprep.CombiningClass(runes[place - 1]) > own)
            {
                runes[place] = runes[place - 1];
                place--;
            }

            runes[place] = moved;
        }
    }

    private static List<Rune> Compose(List<Rune> runes)
    {
        var composed = new List<Rune>(runes.Count);
        int starter = -1, before = 0;
        foreach (var rune in runes)
        {
            var own = Stringprep.CombiningClass(rune);
            var isNext = starter == composed.Count - 1;
            if (starter >= 0 && (isNext || (before < own && before != 0)) && Pair(composed[starter], rune) is { } one)
            {
                composed[starter] = one;
                continue;
            }

            if (own == 0)
            {
                starter = composed.Count;
            }

            before = own;
            composed.Add(rune);
        }

        return composed;
    }

    private static Rune? Pair(Rune first, Rune second)
    {
        var (lead, vowel) = (first.Value - LeadBase, second.Value - VowelBase);
        if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels)
        {
            return new Rune(SyllableBase + (((lead * Vowels) + vowel) * Trails));
        }

        var (syllable, trail) = (first.Value - SyllableBase, second.Value - TrailBase);
        if (syllable is >= 0 and < Leads * Vowels * Trails && syllable % Trails == 0 && trail is > 0 and < Trails)
        {
            return new Rune(first.Value + trail);
        }

        return Stringprep.Composition(first, second);
    }
}
