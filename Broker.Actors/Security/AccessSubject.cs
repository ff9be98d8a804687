namespace Broker.Actors.Security;

/// <summary>Whom a rule speaks of.</summary>
public enum AccessSubject
{
    /// <summary>Every client, also one that nobody knows.</summary>
    All,

    /// <summary>Who has proved to be this user.</summary>
    User,

    /// <summary>Who connects with this client id.</summary>
    Client,

    /// <summary>Who has this role, by what knows the user.</summary>
    Role,
}
