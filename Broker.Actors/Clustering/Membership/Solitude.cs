using Akka.Actor;
using Broker.Actors.Storage;

namespace Broker.Actors.Clustering.Membership;

/// <summary>Notices that a node is alone in its cluster although there are others: found twice in a row, so that a start does not count.</summary>
/// <param name="self">This node's number in the registry.</param>
/// <param name="address">Its address.</param>
/// <param name="seeds"><c>akka.cluster.seed-nodes</c>.</param>
internal sealed class Solitude(long self, Address address, IReadOnlyList<string> seeds)
{
    private bool _wasSuspected;

    /// <summary>For people; empty where the node is not alone, or rightly so. Any thread.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>A look around.</summary>
    /// <param name="isAlone">Whether the cluster has no other member.</param>
    /// <param name="nodes">Of the registry.</param>
    public void Look(bool isAlone, IReadOnlyList<RegisteredNode> nodes)
    {
        var reason = isAlone ? Suspicion(nodes) : "";
        Reason = _wasSuspected ? reason : "";
        _wasSuspected = reason.Length > 0;
    }

    private string Suspicion(IReadOnlyList<RegisteredNode> nodes)
    {
        var live = nodes.Where(node => node.Registration.Key != self && node.Age < INodeRegistry.Validity).Select(node => node.Registration.Address).ToList();
        if (live.Count > 0)
        {
            return $"the registry shows {string.Join(", ", live)} at work, which this node is in no cluster with";
        }

        var others = seeds.Where(seed => !Address.Parse(seed).Equals(address)).ToList();
        return others.Count > 0 ? $"akka.cluster.seed-nodes names {string.Join(", ", others)} too, and none of them is there" : "";
    }
}
