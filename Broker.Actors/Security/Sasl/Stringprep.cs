using System.Globalization;
using System.Text;

namespace Broker.Actors.Security.Sasl;

/// <summary>The tables of stringprep (RFC 3454) that SASLprep uses, from stringprep.tsv; read when they are first needed, which ASCII never does.</summary>
internal static class Stringprep
{
    private static readonly Lazy<Tables> Read = new(Tables.Load);

    /// <summary>Table C.1.2: becomes a space.</summary>
    public static bool IsSpace(Rune rune) => Read.Value.Has("space", rune);

    /// <summary>Table B.1: is left out.</summary>
    public static bool IsNothing(Rune rune) => Read.Value.Has("nothing", rune);

    /// <summary>Tables C.1.2 to C.9.</summary>
    public static bool IsProhibited(Rune rune) => rune.Value is < ' ' or > '~' && Read.Value.Has("prohibited", rune);

    /// <summary>Table A.1.</summary>
    public static bool IsUnassigned(Rune rune) => !rune.IsAscii && Read.Value.Has("unassigned", rune);

    /// <summary>Table D.1.</summary>
    public static bool IsRightToLeft(Rune rune) => !rune.IsAscii && Read.Value.Has("right", rune);

    /// <summary>Table D.2.</summary>
    public static bool IsLeftToRight(Rune rune) => rune.IsAscii ? Rune.IsLetter(rune) : Read.Value.Has("left", rune);

    /// <summary>0: a character by itself.</summary>
    public static int CombiningClass(Rune rune) => rune.IsAscii ? 0 : Read.Value.Classes.GetValueOrDefault(rune.Value);

    /// <summary>The whole of it (NFKD); null: it has none.</summary>
    public static Rune[]? Decomposition(Rune rune) => Read.Value.Decompositions.GetValueOrDefault(rune.Value);

    /// <summary>The one character that two are; null: they stay two.</summary>
    public static Rune? Composition(Rune first, Rune second) =>
        Read.Value.Compositions.TryGetValue((first.Value, second.Value), out var one) ? new Rune(one) : null;

    private sealed class Tables
    {
        private readonly Dictionary<string, List<(int First, int Last)>> _ranges = [];

        public Dictionary<int, int> Classes { get; } = [];

        public Dictionary<int, Rune[]> Decompositions { get; } = [];

        public Dictionary<(int First, int Second), int> Compositions { get; } = [];

        public static Tables Load()
        {
            var tables = new Tables();
            using var resource = typeof(Stringprep).Assembly.GetManifestResourceStream("Broker.Actors.Security.Sasl.stringprep.tsv")!;
            using var reader = new StreamReader(resource);
            while (reader.ReadLine() is { } line)
            {
                if (!line.StartsWith('#'))
                {
                    tables.Add(line.Split('\t'));
                }
            }

            return tables;
        }

        public bool Has(string table, Rune rune)
        {
            var ranges = _ranges[table];
            int low = 0, high = ranges.Count - 1;
            while (low <= high)
            {
                var middle = (low + high) / 2;
                if (rune.Value < ranges[middle].First)
                {
                    high = middle - 1;
                }
                else if (rune.Value > ranges[middle].Last)
                {
                    low = middle + 1;
                }
                else
                {
                    return true;
                }
            }

            return false;
        }

        private void Add(string[] fields)
        {
            switch (fields[0])
            {
                case "ccc":
                    Classes[Number(fields[1])] = int.Parse(fields[2], CultureInfo.InvariantCulture);
                    break;
                case "map":
                    Decompositions[Number(fields[1])] = [.. fields[2].Split(' ').Select(part => new Rune(Number(part)))];
                    break;
                case "pair":
                    Compositions[(Number(fields[1]), Number(fields[2]))] = Number(fields[3]);
                    break;
                default:
                    if (!_ranges.TryGetValue(fields[0], out var ranges))
                    {
                        _ranges[fields[0]] = ranges = [];
                    }

                    ranges.Add((Number(fields[1]), Number(fields[2])));
                    break;
            }
        }

        private static int Number(string hexadecimal) => int.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
