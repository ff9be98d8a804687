using Broker.Actors.Clustering.Links;

namespace Broker.Actors.Routing;

/// <summary>Who receives a topic's messages, as the tree was at <see cref="Version"/> or later.</summary>
internal sealed class MatchResult(Recipient[] recipients, SharedGroup[] groups, RemoteNode[] nodes, long version)
{
    /// <summary>Sessions, one per subscriber, in no particular order. Not to be written to.</summary>
    public Recipient[] Recipients { get; } = recipients;

    /// <summary>The shared groups of which one member each receives the message. Not to be written to.</summary>
    public SharedGroup[] Groups { get; } = groups;

    /// <summary>The other nodes that have live subscribers, each once. Not to be written to.</summary>
    public RemoteNode[] Nodes { get; } = nodes;

    /// <summary>
    /// The tree's version before it was matched: while <see cref="SubscriptionTree.Version"/> still says so, the result
    /// is whole.
    /// </summary>
    public long Version { get; } = version;

    /// <summary>Whether nobody receives.</summary>
    public bool IsEmpty => Recipients.Length == 0 && Groups.Length == 0 && Nodes.Length == 0;
}
