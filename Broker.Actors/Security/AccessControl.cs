namespace Broker.Actors.Security;

/// <summary>The rules of this node, which may be replaced while it runs. Any thread.</summary>
internal sealed class AccessControl
{
    private volatile AccessPolicy _policy;

    /// <param name="policy">At the start.</param>
    /// <param name="isOpen">There are no rules and never will be, and what no rule speaks of is allowed: nothing has to be asked.</param>
    public AccessControl(AccessPolicy policy, bool isOpen)
    {
        _policy = policy;
        IsOpen = isOpen;
    }

    /// <summary>Without rules: everything is allowed.</summary>
    public static AccessControl Open { get; } = new(new AccessPolicy([], isAllowedOtherwise: true), isOpen: true);

    /// <summary>Whether nothing is ever forbidden. Never changes.</summary>
    public bool IsOpen { get; }

    /// <summary>The rules now.</summary>
    public AccessPolicy Policy => _policy;

    /// <summary>What at least one client may do now.</summary>
    public AccessRules Anyone => _policy.Anyone;

    /// <summary>Called once other rules are in force: whatever was decided by those before is out of date. Set once, before the first change.</summary>
    public Action Changed { get; set; } = static () => { };

    /// <summary>Puts other rules in force, for open connections too.</summary>
    public void Replace(AccessPolicy policy)
    {
        _policy = policy;
        Changed();
    }
}
