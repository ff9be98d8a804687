namespace Broker.Bench.Gate;

/// <summary>An operation, and the bytes that one of it allocates.</summary>
/// <param name="Name">The key in the file of figures.</param>
/// <param name="BytesEach">Runs it often and says what one has allocated.</param>
internal sealed record Measurement(string Name, Func<double> BytesEach);
