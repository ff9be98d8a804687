using Broker.Actors.Security;

namespace Broker.Actors.Routing;

/// <summary>A publisher's last match: devices publish to the same topic again and again.</summary>
internal struct CachedMatch
{
    private string? _topic;
    private MatchResult? _result;

    public readonly MatchResult Result => _result ?? throw new InvalidOperationException("Refresh comes first.");

    /// <summary>Whether a durable session or another node is, or may be picked, among the recipients, so that an acknowledgement has to wait.</summary>
    public bool HasDurable { get; private set; }

    /// <summary>Makes this the match of <paramref name="topic"/> as the tree is now; nothing matches a topic that nobody may receive. Whether one client may is asked at its connection.</summary>
    public void Refresh(SubscriptionTree tree, AccessControl access, string topic)
    {
        if (_result is null || _result.Version != tree.Version || !string.Equals(_topic, topic, StringComparison.Ordinal))
        {
            _topic = topic;

            // Read before the rules are asked: other rules change the version too, once they are in force.
            var version = tree.Version;
            _result = access.IsOpen || access.Anyone.MayReceive(topic) ? tree.Match(topic) : new MatchResult([], [], [], version);
            HasDurable = FindDurable(_result);
        }
    }

    private static bool FindDurable(MatchResult result)
    {
        foreach (var recipient in result.Recipients)
        {
            if (((SessionSubscriber)recipient.Subscriber).IsDurable)
            {
                return true;
            }
        }

        return result.Groups.Length + result.Nodes.Length > 0;
    }
}
