using System.Collections.Immutable;
using Broker.Actors.Storage;

namespace Broker.Actors.Clustering.Membership;

/// <summary>
/// What a node that belongs to no cluster does next, from what it sees in the registry. A member counts as silent, and may be passed over, once this node has
/// watched it for the validity of a renewal without seeing one: how old its last one was before says nothing, since nobody could renew while the database was
/// away.
/// </summary>
internal sealed class FormationPlan(long self, TimeProvider time)
{
    /// <summary>For so long a node lets others join before it that it may not get on with: one that cannot join itself must not keep it out.</summary>
    public static readonly TimeSpan Deference = TimeSpan.FromSeconds(15);

    private readonly Dictionary<long, (long RenewedAt, long Since)> _watched = [];
    private readonly long _since = time.GetTimestamp();

    /// <summary>Members to join; where there are none, those that are silent, which a new cluster would do without.</summary>
    public (ImmutableArray<RegisteredNode> Live, ImmutableArray<RegisteredNode> Silent) Look(IReadOnlyList<RegisteredNode> nodes)
    {
        var live = ImmutableArray.CreateBuilder<RegisteredNode>();
        var silent = ImmutableArray.CreateBuilder<RegisteredNode>();
        foreach (var node in nodes)
        {
            if (node.IsMember && node.Registration.Key != self)
            {
                (IsSilent(node) ? silent : live).Add(node);
            }
        }

        return (live.ToImmutable(), silent.ToImmutable());
    }

    /// <summary>
    /// Those that are about to join as well and have registered before this node. Of two that do not reach each other and join at once both would be downed, and again
    /// at the same time.
    /// </summary>
    public ImmutableArray<RegisteredNode> FindAhead(IReadOnlyList<RegisteredNode> nodes) => time.GetElapsedTime(_since) >= Deference
        ? []
        : [.. nodes.Where(node => !node.IsMember && node.Registration.Key < self && node.Age < INodeRegistry.Validity)];

    private bool IsSilent(RegisteredNode node)
    {
        var key = node.Registration.Key;
        if (!_watched.TryGetValue(key, out var seen) || seen.RenewedAt != node.RenewedAt)
        {
            _watched[key] = seen = (node.RenewedAt, time.GetTimestamp());
        }

        return time.GetElapsedTime(seen.Since) >= INodeRegistry.Validity;
    }
}
