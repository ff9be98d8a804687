using Broker.Protocol.Topics;

namespace Broker.Actors.Security;

/// <summary>Rules in order: the first that speaks of a topic decides; where none does, it is allowed.</summary>
internal sealed class AccessRules(IReadOnlyList<AccessRule> rules)
{
    /// <summary>Whether the topic may be published to.</summary>
    public bool MayPublish(string topic)
    {
        foreach (var rule in rules)
        {
            if ((rule.Kinds & AccessKinds.Publish) != 0 && TopicFilter.Matches(rule.Filter, topic))
            {
                return rule.IsAllowed;
            }
        }

        return true;
    }

    /// <summary>
    /// Whether the filter may be subscribed to. An allowing rule must cover all of it; a denying one that shares any topic with it decides, so
    /// that a wider filter is no way around.
    /// </summary>
    /// <param name="filter">For a shared subscription, the filter inside.</param>
    public bool MaySubscribe(string filter)
    {
        foreach (var rule in rules)
        {
            if ((rule.Kinds & AccessKinds.Subscribe) == 0)
            {
                continue;
            }

            if (rule.IsAllowed ? FilterSets.Covers(rule.Filter, filter) : FilterSets.Overlaps(rule.Filter, filter))
            {
                return rule.IsAllowed;
            }
        }

        return true;
    }
}
