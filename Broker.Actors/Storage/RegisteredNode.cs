namespace Broker.Actors.Storage;

/// <summary>A node that is not revoked, as a look at the registry found it.</summary>
/// <param name="Registration">Which process it is.</param>
/// <param name="IsMember">It has formed a cluster or was taken into one, and has not left it.</param>
/// <param name="RenewedAt">Its last renewal, milliseconds by the database's clock.</param>
/// <param name="Age">How long ago that was, by the same clock.</param>
internal sealed record RegisteredNode(NodeRegistration Registration, bool IsMember, long RenewedAt, TimeSpan Age);
