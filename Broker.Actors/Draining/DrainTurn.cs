using Akka.Cluster;
using Broker.Actors.Clustering.Operations;

namespace Broker.Actors.Draining;

/// <summary>Whose turn it is to drain: one node at a time. The primary's; what it must know is in the nodes' reports, so that the next one knows it too.</summary>
internal sealed class DrainTurn
{
    /// <summary>The node that may drain now; null: nobody wants to, or somebody may drain of whom the primary has not heard yet.</summary>
    public UniqueAddress? Holder { get; private set; }

    /// <summary>Looks at what is known now.</summary>
    /// <param name="members">All.</param>
    /// <param name="reports">The latest of each of them that has sent one.</param>
    public void Update(IReadOnlyCollection<UniqueAddress> members, IReadOnlyDictionary<UniqueAddress, NodeReport> reports)
    {
        UniqueAddress? draining = null, waiting = null;
        var isComplete = true;
        foreach (var member in members)
        {
            switch (reports.GetValueOrDefault(member)?.Drain)
            {
                case null:
                    isComplete = false;
                    break;
                case DrainState.Draining when draining is null || member.Equals(Holder):
                    draining = member;
                    break;
                case DrainState.Waiting when waiting is null || member.Equals(Holder):
                    waiting = member;
                    break;
            }
        }

        Holder = draining ?? (isComplete || waiting?.Equals(Holder) == true ? waiting : null);
    }
}
