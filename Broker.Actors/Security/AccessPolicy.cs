namespace Broker.Actors.Security;

/// <summary>All rules of a node as they are at one moment. Immutable.</summary>
internal sealed class AccessPolicy
{
    private readonly IReadOnlyList<AccessRule> _rules;
    private readonly bool _isAllowedOtherwise;
    private readonly AccessRules? _forAll;

    /// <param name="rules">In order.</param>
    /// <param name="isAllowedOtherwise">Where no rule speaks of a topic.</param>
    public AccessPolicy(IReadOnlyList<AccessRule> rules, bool isAllowedOtherwise)
    {
        _rules = rules;
        _isAllowedOtherwise = isAllowedOtherwise;
        _forAll = rules.All(static rule => rule.IsForAll) ? new AccessRules(rules, isAllowedOtherwise) : null;
        Anyone = _forAll ?? new AccessRules(Of(static rule => rule.ForAnyone()), isAllowedOtherwise);
    }

    /// <summary>What at least one client may do; what it forbids nobody may.</summary>
    public AccessRules Anyone { get; }

    /// <summary>What this client may do. One object for all clients where no rule tells them apart.</summary>
    public AccessRules For(ClientIdentity client) => _forAll ?? new AccessRules(Of(rule => rule.For(client)), _isAllowedOtherwise);

    private List<AccessRule> Of(Func<AccessRule, AccessRule?> select)
    {
        var selected = new List<AccessRule>();
        foreach (var rule in _rules)
        {
            if (select(rule) is { } one)
            {
                selected.Add(one);
            }
        }

        return selected;
    }
}
