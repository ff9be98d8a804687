using System.Text;

namespace Broker.Actors.Security.Sasl;

/// <summary>
/// One form for user names and passwords that look the same (SASLprep, RFC 4013, a profile of stringprep, RFC 3454): characters that count for nothing are left out,
/// the rest is in the form NFKC, and what nobody can type or see is refused.
/// </summary>
internal static class SaslPrep
{
    /// <summary>Answers (true, the prepared text, null) or (false, null, what is wrong).</summary>
    /// <param name="text">As it was typed or sent.</param>
    /// <param name="isStored">It is kept, and so may have no character that Unicode 3.2 did not know: a later one may change its form (RFC 3454, section 7).</param>
    public static bool TryPrepare(string text, bool isStored, out string? prepared, out string? problem)
    {
        prepared = IsPlain(text) ? text : Normalize(text);
        problem = prepared is null ? "is not Unicode" : Problem(prepared, isStored);
        if (problem is not null)
        {
            prepared = null;
        }

        return problem is null;
    }

    private static bool IsPlain(string text)
    {
        foreach (var c in text)
        {
            if (c is < ' ' or > '~')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Null: a surrogate is alone.</summary>
    private static string? Normalize(string text)
    {
        var mapped = new List<Rune>();
        for (var i = 0; i < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune))
            {
                return null;
            }

            i += rune.Utf16SequenceLength;
            if (Stringprep.IsSpace(rune))
            {
                mapped.Add(new Rune(' '));
            }
            else if (!Stringprep.IsNothing(rune))
            {
                mapped.Add(rune);
            }
        }

        return Nfkc.Normalize(mapped);
    }

    private static string? Problem(string text, bool isStored)
    {
        if (text.Length == 0)
        {
            return "is empty";
        }

        bool hasLeft = false, hasRight = false, endsRight = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Stringprep.IsProhibited(rune))
            {
                return $"has the character U+{rune.Value:X4}, which is not allowed (RFC 4013)";
            }

            if (isStored && Stringprep.IsUnassigned(rune))
            {
                return $"has the character U+{rune.Value:X4}, which the rules for user names and passwords do not know (RFC 4013)";
            }

            endsRight = Stringprep.IsRightToLeft(rune);
            hasRight |= endsRight;
            hasLeft |= Stringprep.IsLeftToRight(rune);
        }

        // RFC 3454, section 6.
        return hasRight && (hasLeft || !endsRight || !Stringprep.IsRightToLeft(Rune.GetRuneAt(text, 0)))
            ? "mixes scripts that run to the left and to the right (RFC 3454, section 6)"
            : null;
    }
}
