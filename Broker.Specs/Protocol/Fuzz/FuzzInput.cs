namespace Broker.Specs.Protocol.Fuzz;

/// <summary>
/// One input of the fuzzer. To the fuzzer it is bytes, of which the first says what the others are given to; in the corpus it is a line, such as
/// <c>Client5 C000</c>.
/// </summary>
/// <param name="Target">What it is given to.</param>
/// <param name="Bytes">What it is given.</param>
internal sealed record FuzzInput(FuzzTarget Target, byte[] Bytes)
{
    private static readonly int Targets = Enum.GetValues<FuzzTarget>().Length;

    /// <summary>Any bytes are an input: the fuzzer should not have to find out which are.</summary>
    public static FuzzInput FromFuzzer(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? new FuzzInput(FuzzTarget.Fresh, []) : new FuzzInput((FuzzTarget)(bytes[0] % Targets), bytes[1..].ToArray());

    /// <summary>The inverse of <see cref="FromFuzzer"/>.</summary>
    public byte[] ToFuzzer() => [(byte)Target, .. Bytes];

    /// <summary>Reads what <see cref="ToString"/> has written.</summary>
    /// <exception cref="FormatException">The line is none of the corpus.</exception>
    public static FuzzInput Parse(string line) =>
        line.Split(' ') is [var target, var hex] && Enum.TryParse<FuzzTarget>(target, out var known) && known.ToString() == target
            ? new FuzzInput(known, Convert.FromHexString(hex))
            : throw new FormatException($"'{line}' is not a target, a space and hexadecimal digits.");

    /// <summary>The line of the corpus.</summary>
    public override string ToString() => $"{Target} {Convert.ToHexString(Bytes)}";
}
