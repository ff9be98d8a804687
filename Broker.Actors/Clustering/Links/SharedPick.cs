using Broker.Actors.Connections;
using Broker.Actors.Routing;

namespace Broker.Actors.Clustering.Links;

/// <summary>
/// A message of QoS 1 or 2 for a shared group that another node's member was picked for: it counts as taken only when that member has it, and goes to another
/// one where it is gone (section 4.8.2, hard case 6).
/// </summary>
/// <param name="publication">The message.</param>
/// <param name="group">Share name and filter find the group as it is then.</param>
/// <param name="tried">Members that could not take it, and the one picked now.</param>
/// <param name="pending">Its publisher waits.</param>
/// <param name="loop">Where another member is picked.</param>
internal sealed class SharedPick(Publication publication, SharedGroup group, List<Subscriber> tried, PendingPublish pending, EventLoopContext loop)
{
    public Publication Publication { get; } = publication;

    public SharedGroup Group { get; } = group;

    public List<Subscriber> Tried { get; } = tried;

    public PendingPublish Pending { get; } = pending;

    public EventLoopContext Loop { get; } = loop;
}
