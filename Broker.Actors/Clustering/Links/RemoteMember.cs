using Broker.Actors.Routing;

namespace Broker.Actors.Clustering.Links;

/// <summary>A live session of another node as a member of shared groups: it is picked here, by its connection.</summary>
internal sealed class RemoteMember(RemoteNode node, long number) : Subscriber
{
    public RemoteNode Node { get; } = node;

    /// <summary>Of the connection.</summary>
    public long Number { get; } = number;

    /// <inheritdoc/>
    public override bool IsOnline => !Node.IsGone;

    /// <inheritdoc/>
    internal override bool IsElsewhere => true;
}
