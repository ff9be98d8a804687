namespace Broker.Specs.Protocol.Fuzz;

/// <summary>What became of an input.</summary>
/// <param name="Accepted">What was taken, one after another: packets, encoded again, in hexadecimal digits, for the decoders.</param>
/// <param name="Refusal">Why the rest was refused; null: it was not.</param>
/// <param name="Left">Bytes that wait for more.</param>
internal sealed record FuzzOutcome(string Accepted, string? Refusal, int Left);
