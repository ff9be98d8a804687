using Broker.Protocol.Topics;

namespace Broker.Actors.Security;

/// <summary>
/// The form of a rule: <c>allow|deny publish|subscribe|all [WHO] TOPIC-FILTER</c>, where WHO is <c>all</c>, <c>user NAME</c>, <c>client ID</c> or <c>role NAME</c>; left
/// out it is all. A name that has spaces stands in double quotes. The filter is the rest, and may have spaces.
/// </summary>
internal static class AccessRuleText
{
    private const string Form = "allow|deny publish|subscribe|all [all|user NAME|client ID|role NAME] TOPIC-FILTER";

    /// <summary>Answers (true, rule, null) or (false, null, what is wrong).</summary>
    public static bool TryParse(string text, out AccessRule? rule, out string? problem)
    {
        rule = null;
        var rest = text.AsSpan().Trim();
        var (verb, kind) = (Word(ref rest), Word(ref rest));
        if (verb is not ("allow" or "deny") || Kind(kind) is not { } kinds || rest.IsEmpty)
        {
            problem = $"\"{text}\" is not of the form \"{Form}\"";
            return false;
        }

        if (!TryReadSubject(ref rest, out var subject, out var name))
        {
            problem = $"\"{text}\": after user, client or role come a name, in double quotes where it has spaces, and a topic filter; write \"all\" before a topic that begins so";
            return false;
        }

        var filter = rest.ToString();
        problem = Problem(filter) is { } why ? $"\"{text}\": {why}" : null;
        rule = problem is null ? new AccessRule(verb == "allow", kinds, filter, subject, name) : null;
        return rule is not null;
    }

    /// <summary>Of its parts, as a table has them. Answers (true, rule, null) or (false, null, what is wrong).</summary>
    /// <param name="parts">allow or deny; publish, subscribe or all; all, user, client or role; the name, which counts for nothing with all; the filter.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="problem">What is wrong.</param>
    public static bool TryParse(string[] parts, out AccessRule? rule, out string? problem)
    {
        rule = null;
        if (parts is not [var verb, var kind, var who, var name, var filter] || verb is not ("allow" or "deny") || Kind(kind) is not { } kinds || Subject(who) is not { } subject)
        {
            problem = "it is not of the form allow|deny, publish|subscribe|all, all|user|client|role, NAME, TOPIC-FILTER";
            return false;
        }

        problem = subject != AccessSubject.All && name.Length == 0 ? $"{who} needs a name" : Problem(filter);
        rule = problem is null ? new AccessRule(verb == "allow", kinds, filter, subject, subject == AccessSubject.All ? null : name) : null;
        return rule is not null;
    }

    /// <summary>The rule as it is written.</summary>
    public static string Of(AccessRule rule)
    {
        var subject = rule.Subject switch
        {
            AccessSubject.User => "user " + Quoted(rule.Name!),
            AccessSubject.Client => "client " + Quoted(rule.Name!),
            AccessSubject.Role => "role " + Quoted(rule.Name!),
            _ => "all",
        };
        var kind = rule.Kinds switch { AccessKinds.Publish => "publish", AccessKinds.Subscribe => "subscribe", _ => "all" };
        return $"{(rule.IsAllowed ? "allow" : "deny")} {kind} {subject} {rule.Filter}";
    }

    private static string Quoted(string name) => name.Contains(' ', StringComparison.Ordinal) ? $"\"{name}\"" : name;

    private static string? Problem(string filter) =>
        !TopicFilter.TryParse(filter, out var parsed, out var why) ? why
        : parsed!.IsShared ? "a shared subscription is checked by the filter inside it"
        : null;

    /// <summary>False: a name or what follows it is missing.</summary>
    private static bool TryReadSubject(ref ReadOnlySpan<char> rest, out AccessSubject subject, out string? name)
    {
        var behind = rest;
        (subject, name) = (AccessSubject.All, null);
        if (Subject(Word(ref behind)) is not { } found || (found == AccessSubject.All && behind.IsEmpty))
        {
            // No subject: a filter.
            return true;
        }

        if (found == AccessSubject.All)
        {
            rest = behind;
            return true;
        }

        (subject, name) = (found, Name(ref behind));
        rest = behind;
        return name.Length > 0 && !rest.IsEmpty;
    }

    private static string Name(ref ReadOnlySpan<char> rest)
    {
        if (rest.IsEmpty || rest[0] != '"')
        {
            return Word(ref rest);
        }

        var end = rest[1..].IndexOf('"');
        if (end < 0)
        {
            return "";
        }

        var name = rest.Slice(1, end).ToString();
        rest = rest[(end + 2)..].TrimStart();
        return name;
    }

    private static string Word(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAny(' ', '\t');
        var word = end < 0 ? rest : rest[..end];
        rest = rest[word.Length..].TrimStart();
        return word.ToString();
    }

    private static AccessSubject? Subject(string text) => text switch
    {
        "all" => AccessSubject.All,
        "user" => AccessSubject.User,
        "client" => AccessSubject.Client,
        "role" => AccessSubject.Role,
        _ => null,
    };

    private static AccessKinds? Kind(string text) => text switch
    {
        "publish" => AccessKinds.Publish,
        "subscribe" => AccessKinds.Subscribe,
        "all" => AccessKinds.All,
        _ => null,
    };
}
