using Broker.Protocol.Topics;

namespace Broker.Actors.Security;

/// <summary>What a rule speaks of.</summary>
[Flags]
public enum AccessKinds
{
    /// <summary>PUBLISH, and a will.</summary>
    Publish = 1,

    /// <summary>SUBSCRIBE.</summary>
    Subscribe = 2,

    /// <summary>Either.</summary>
    All = Publish | Subscribe,
}

/// <summary>One rule about topics, as in <c>deny subscribe secret/#</c>.</summary>
/// <param name="IsAllowed">Allow or deny.</param>
/// <param name="Kinds">What it speaks of.</param>
/// <param name="Filter">The topics, as a topic filter.</param>
public sealed record AccessRule(bool IsAllowed, AccessKinds Kinds, string Filter)
{
    /// <summary>Answers (true, rule, null) or (false, null, what is wrong).</summary>
    public static bool TryParse(string text, out AccessRule? rule, out string? problem)
    {
        rule = null;
        var words = text.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words is not [var verb, var kind, var filter] || verb is not ("allow" or "deny") || Kind(kind) is not { } kinds)
        {
            problem = $"\"{text}\" is not of the form \"allow|deny publish|subscribe|all TOPIC-FILTER\"";
            return false;
        }

        if (!TopicFilter.TryParse(filter, out var parsed, out var why) || parsed!.IsShared)
        {
            problem = $"\"{text}\": {why ?? "a shared subscription is checked by the filter inside it"}";
            return false;
        }

        rule = new AccessRule(verb == "allow", kinds, filter);
        problem = null;
        return true;
    }

    private static AccessKinds? Kind(string text) => text switch
    {
        "publish" => AccessKinds.Publish,
        "subscribe" => AccessKinds.Subscribe,
        "all" => AccessKinds.All,
        _ => null,
    };
}
