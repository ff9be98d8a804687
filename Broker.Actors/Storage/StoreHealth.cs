namespace Broker.Actors.Storage;

/// <summary>Whether the database takes writes.</summary>
/// <param name="IsUp">The last group was committed.</param>
/// <param name="Since">When that became so.</param>
/// <param name="Reason">Why it does not, one line for people; empty where it does.</param>
internal sealed record StoreHealth(bool IsUp, DateTimeOffset Since, string Reason);
