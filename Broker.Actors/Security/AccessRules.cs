using Broker.Protocol.Topics;

namespace Broker.Actors.Security;

/// <summary>
/// What one client may do, or what any may: rules in order, of which the first that speaks of a topic decides. Whom a rule is for, and what stands for a name in its
/// filter, has been settled by <see cref="AccessPolicy"/>.
/// </summary>
/// <param name="rules">In order.</param>
/// <param name="isAllowedOtherwise">Where no rule speaks of a topic.</param>
internal sealed class AccessRules(IReadOnlyList<AccessRule> rules, bool isAllowedOtherwise = true)
{
    /// <summary>Whether the topic may be published to.</summary>
    public bool MayPublish(string topic) => Publishing(topic)?.IsAllowed ?? isAllowedOtherwise;

    /// <summary>
    /// Whether the filter may be subscribed to: the first rule that covers all of it decides. A wider filter is granted, but
    /// brings nothing that a rule denies: <see cref="MayReceive"/> is asked for each topic.
    /// </summary>
    /// <param name="filter">For a shared subscription, the filter inside.</param>
    public bool MaySubscribe(string filter) => Subscribing(filter)?.IsAllowed ?? isAllowedOtherwise;

    /// <summary>Whether messages of the topic may be delivered.</summary>
    public bool MayReceive(string topic) => Receiving(topic)?.IsAllowed ?? isAllowedOtherwise;

    /// <summary>The rule that decides about publishing to the topic; null: none speaks of it.</summary>
    public AccessRule? Publishing(string topic)
    {
        foreach (var rule in rules)
        {
            if ((rule.Kinds & AccessKinds.Publish) != 0 && TopicFilter.Matches(rule.Filter, topic))
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>The rule that decides about subscribing to the filter; null: none covers it.</summary>
    public AccessRule? Subscribing(string filter)
    {
        foreach (var rule in rules)
        {
            if ((rule.Kinds & AccessKinds.Subscribe) != 0 && FilterSets.Covers(rule.Filter, filter))
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>The rule that decides about messages of the topic; null: none speaks of it.</summary>
    public AccessRule? Receiving(string topic)
    {
        foreach (var rule in rules)
        {
            if ((rule.Kinds & AccessKinds.Subscribe) != 0 && TopicFilter.Matches(rule.Filter, topic))
            {
                return rule;
            }
        }

        return null;
    }
}
