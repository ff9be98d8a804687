namespace Broker.Specs.Cluster.Harness;

/// <summary><c>/cluster/members</c>, as Akka.Management has it.</summary>
internal sealed record MembersView(string SelfNode, MemberView[] Members, UnreachableView[] Unreachable, string? Leader, string? Oldest);

/// <summary>A member.</summary>
internal sealed record MemberView(string Node, string NodeUid, string Status, string[] Roles);

/// <summary>A member that others do not reach.</summary>
internal sealed record UnreachableView(string Node, string[] ObservedBy);

/// <summary><c>/ha</c>.</summary>
internal sealed record HaView(string Role, string? Primary, DateTimeOffset? Since, long? Term);
