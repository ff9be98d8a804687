namespace Broker.Actors.Security;

/// <summary>Who a client is, for the rules about topics.</summary>
/// <param name="ClientId">As sent, or assigned.</param>
/// <param name="UserName">Proved; null: nobody knows the client.</param>
/// <param name="Roles">Of the user.</param>
internal sealed record ClientIdentity(string ClientId, string? UserName, IReadOnlyList<string> Roles)
{
    /// <summary>One that nobody knows.</summary>
    public static ClientIdentity Anonymous(string clientId) => new(clientId, null, []);
}
