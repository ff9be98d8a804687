namespace Broker.Specs.Conformance.Run;

/// <summary>Whether a broker meets a statement, as far as its specs show.</summary>
internal enum Verdict
{
    /// <summary>Every spec of the statement that could be run passes.</summary>
    Met,

    /// <summary>A spec fails.</summary>
    NotMet,

    /// <summary>None of its specs could be run.</summary>
    Skipped,
}

/// <summary>What one spec, or all specs of a statement, came to.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Why">The reason where it is not met or skipped, on one line; otherwise empty.</param>
internal sealed record Outcome(Verdict Verdict, string Why = "")
{
    /// <summary>That of a statement: of all its specs.</summary>
    public static Outcome Of(IEnumerable<Outcome> specs) =>
        specs.OrderBy(spec => spec.Verdict switch { Verdict.NotMet => 0, Verdict.Met => 1, _ => 2 }).First();

    /// <summary>As the table and the run print it.</summary>
    public static string Text(Verdict verdict) => verdict switch
    {
        Verdict.Met => "met",
        Verdict.NotMet => "not met",
        _ => "skipped",
    };

    /// <summary>The inverse of <see cref="Text"/>.</summary>
    public static Verdict Parse(string text) => text switch
    {
        "met" => Verdict.Met,
        "not met" => Verdict.NotMet,
        _ => Verdict.Skipped,
    };
}
