namespace Broker.Actors.Storage;

/// <summary>A node's row in the registry.</summary>
/// <param name="Key">Its term: grows with each registration in the cluster and is never used again.</param>
/// <param name="Address">Under which the other nodes know it.</param>
/// <param name="Uid">Akka's number of the process: with the address it is one member of a cluster and no other.</param>
/// <param name="Incarnation">Tells processes under one address apart.</param>
internal sealed record NodeRegistration(long Key, string Address, int Uid, Guid Incarnation);
