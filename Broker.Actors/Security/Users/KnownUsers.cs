using Broker.Actors.Security.Scram;

namespace Broker.Actors.Security.Users;

/// <summary>The users of one state of a password file.</summary>
internal sealed class KnownUsers(UserFile file)
{
    private readonly Dictionary<string, KnownUser> _byName =
        file.Users.ToDictionary(user => user.Key, user => new KnownUser(user.Value), StringComparer.Ordinal);

    private readonly ScramDecoys _decoys = new(file.First?.Scram);

    public int Count => _byName.Count;

    /// <summary>Null: there is none.</summary>
    public KnownUser? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Where there is none, one made up.</summary>
    public ScramUser FindScram(string name) =>
        Find(name) is { } user ? new ScramUser(user.Record.Scram, Exists: true, user.Record.Roles) : new ScramUser(_decoys.Of(name), Exists: false);
}
