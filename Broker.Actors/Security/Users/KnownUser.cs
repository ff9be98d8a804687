namespace Broker.Actors.Security.Users;

/// <summary>A user, and the password that was last right.</summary>
/// <param name="record">Of the password file.</param>
internal sealed class KnownUser(UserRecord record)
{
    private readonly RecalledPassword _password = new();

    public UserRecord Record { get; } = record;

    /// <summary>Whether the password was right before; false: nobody knows yet. Any thread.</summary>
    public bool Recalls(string password) => _password.Recalls(password);

    /// <summary>The password is right. Any thread.</summary>
    public void Remember(string password) => _password.Remember(password);
}
