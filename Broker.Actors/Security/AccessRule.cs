namespace Broker.Actors.Security;

/// <summary>One rule about topics, as in <c>deny subscribe user alice secret/#</c>.</summary>
/// <param name="IsAllowed">Allow or deny.</param>
/// <param name="Kinds">What it speaks of.</param>
/// <param name="Filter">
/// The topics, as a topic filter in which <c>%c</c> stands for the client id and <c>%u</c> for the user name. For a client whose id or name is empty, holds
/// <c>+</c>, <c>#</c> or <c>/</c>, or begins with <c>$</c> as the broker's own topics do, such a rule says nothing: it cannot be widened.
/// </param>
/// <param name="Subject">Whom it speaks of.</param>
/// <param name="Name">Of the user, the client or the role; null for all.</param>
public sealed record AccessRule(bool IsAllowed, AccessKinds Kinds, string Filter, AccessSubject Subject = AccessSubject.All, string? Name = null)
{
    internal const string ClientIdPlace = "%c";
    internal const string UserNamePlace = "%u";

    /// <summary>Whether it says the same to every client.</summary>
    internal bool IsForAll => Subject == AccessSubject.All && !HasPlaces;

    private bool HasPlaces => Has(ClientIdPlace) || Has(UserNamePlace);

    /// <summary>Answers (true, rule, null) or (false, null, what is wrong).</summary>
    public static bool TryParse(string text, out AccessRule? rule, out string? problem) => AccessRuleText.TryParse(text, out rule, out problem);

    /// <summary>What it says to one client; null: nothing.</summary>
    internal AccessRule? For(ClientIdentity client)
    {
        var isMeant = Subject switch
        {
            AccessSubject.User => client.UserName == Name,
            AccessSubject.Client => client.ClientId == Name,
            AccessSubject.Role => client.Roles.Contains(Name, StringComparer.Ordinal),
            _ => true,
        };
        if (!isMeant || !HasPlaces)
        {
            return isMeant ? this : null;
        }

        return (Has(ClientIdPlace) && !IsPlain(client.ClientId)) || (Has(UserNamePlace) && !IsPlain(client.UserName))
            ? null
            : this with { Filter = Fill(client) };
    }

    /// <summary>What it says of all clients together: who is allowed to do something may be anybody, who is denied it is not everybody.</summary>
    internal AccessRule? ForAnyone() =>
        IsForAll ? this
        : IsAllowed ? this with { Filter = string.Join('/', Filter.Split('/').Select(static level => level.Contains('%', StringComparison.Ordinal) ? "+" : level)) }
        : null;

    private static bool IsPlain(string? text) => text is { Length: > 0 } && text[0] != '$' && text.AsSpan().IndexOfAny("+#/\0") < 0;

    private bool Has(string place) => Filter.Contains(place, StringComparison.Ordinal);

    // Piece by piece: a name that holds a place itself does not bring in another.
    private string Fill(ClientIdentity client) => string.Join(
        client.ClientId, Filter.Split(ClientIdPlace).Select(piece => piece.Replace(UserNamePlace, client.UserName, StringComparison.Ordinal)));
}
