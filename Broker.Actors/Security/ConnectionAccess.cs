namespace Broker.Actors.Security;

/// <summary>What the client of one connection may do, as the rules are now; decisions about topics are remembered until the rules change.</summary>
/// <remarks>On the connection's event loop, but for <see cref="Rules"/>.</remarks>
internal sealed class ConnectionAccess(AccessControl control, ClientIdentity client)
{
    /// <summary>Decisions of each kind that are remembered; devices use the same few topics again and again.</summary>
    private const int Remembered = 64;

    private readonly Dictionary<string, bool> _publish = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _receive = new(StringComparer.Ordinal);
    private volatile Granted _granted = Granted.Of(control.Policy, client);
    private AccessRules? _remembered;

    /// <summary>The rules for this client now. Any thread.</summary>
    public AccessRules Rules
    {
        get
        {
            var granted = _granted;
            if (granted.Policy != control.Policy)
            {
                _granted = granted = Granted.Of(control.Policy, client);
            }

            return granted.Rules;
        }
    }

    /// <summary>Whether the client may publish to the topic.</summary>
    public bool MayPublish(string topic)
    {
        var rules = Current();
        if (!_publish.TryGetValue(topic, out var isAllowed))
        {
            isAllowed = Remember(_publish, topic, rules.MayPublish(topic));
        }

        return isAllowed;
    }

    /// <summary>Whether the client may be sent messages of the topic.</summary>
    public bool MayReceive(string topic)
    {
        var rules = Current();
        if (!_receive.TryGetValue(topic, out var isAllowed))
        {
            isAllowed = Remember(_receive, topic, rules.MayReceive(topic));
        }

        return isAllowed;
    }

    private static bool Remember(Dictionary<string, bool> decisions, string topic, bool isAllowed)
    {
        if (decisions.Count >= Remembered)
        {
            decisions.Clear();
        }

        decisions.Add(topic, isAllowed);
        return isAllowed;
    }

    private AccessRules Current()
    {
        var rules = Rules;
        if (rules != _remembered)
        {
            _remembered = rules;
            _publish.Clear();
            _receive.Clear();
        }

        return rules;
    }

    private sealed record Granted(AccessPolicy Policy, AccessRules Rules)
    {
        public static Granted Of(AccessPolicy policy, ClientIdentity client) => new(policy, policy.For(client));
    }
}
