namespace Broker.Actors.Inspection;

/// <summary>What became of a change of a limit.</summary>
/// <param name="Name">Below <c>mqtt.limits</c>.</param>
/// <param name="Value">As it was given.</param>
/// <param name="Changed">The nodes where it holds.</param>
/// <param name="Refused">Those where it does not, and why.</param>
/// <param name="Missing">Those that did not answer.</param>
public sealed record LimitChange(string Name, string Value, IReadOnlyList<string> Changed, IReadOnlyDictionary<string, string> Refused, IReadOnlyList<string> Missing);
