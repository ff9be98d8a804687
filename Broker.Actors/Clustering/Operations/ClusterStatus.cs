namespace Broker.Actors.Clustering.Operations;

/// <summary>Who is primary, as a node knows it.</summary>
/// <param name="IsPrimary">Whether it is this node.</param>
/// <param name="Primary">Its address; null: nobody is, or this node does not know.</param>
/// <param name="Since">When it took the role over, by the database's clock.</param>
/// <param name="Term">Grows with each take-over.</param>
public sealed record HaStatus(bool IsPrimary, string? Primary, DateTimeOffset? Since, long? Term);

/// <summary>The cluster, with Akka.Management's names.</summary>
/// <param name="SelfNode">The node that was asked.</param>
/// <param name="Members">All, itself too.</param>
/// <param name="Unreachable">Those of them that are not reached.</param>
/// <param name="Leader">Which takes the decisions on membership now; null: there is none.</param>
/// <param name="Oldest">Which the singletons run on.</param>
public sealed record MembersStatus(
    string SelfNode, IReadOnlyList<MemberDescription> Members, IReadOnlyList<UnreachableStatus> Unreachable, string? Leader, string? Oldest);

/// <summary>A member.</summary>
/// <param name="Node">Its address.</param>
/// <param name="NodeUid">Tells processes under one address apart.</param>
/// <param name="Status">Akka's: Joining, WeaklyUp, Up, Leaving, Exiting, Down, Removed.</param>
/// <param name="Roles">Akka's.</param>
public sealed record MemberDescription(string Node, string NodeUid, string Status, IReadOnlyList<string> Roles);

/// <summary>A member that is not reached.</summary>
/// <param name="Node">Its address.</param>
/// <param name="ObservedBy">Empty: Akka.NET does not tell who does not reach it.</param>
public sealed record UnreachableStatus(string Node, IReadOnlyList<string> ObservedBy);

/// <summary>A shard on the node that was asked.</summary>
/// <param name="ShardId">Which.</param>
/// <param name="NumEntities">Actors in it.</param>
public sealed record ShardStatus(string ShardId, int NumEntities);
