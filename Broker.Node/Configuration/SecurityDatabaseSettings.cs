using Broker.Actors.Hosting;

namespace Broker.Node.Configuration;

/// <summary>The block <c>database</c> of users and of rules.</summary>
internal static class SecurityDatabaseSettings
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    public static SecurityDatabaseOptions Read(SettingReader database)
    {
        var defaults = new SecurityDatabaseOptions();
        var options = new SecurityDatabaseOptions
        {
            Provider = database.Choice("provider", defaults.Provider),
            ConnectionString = database.Text("connection-string", defaults.ConnectionString),
            Timeout = database.Duration("timeout", defaults.Timeout, Shortest, TimeSpan.FromMinutes(1)),
        };
        var isSame = options.Provider == SecurityDatabaseProvider.Same;
        if (isSame && options.ConnectionString.Length > 0)
        {
            database.Problem("connection-string", $"counts for nothing with {database.Key("provider")} = same, which is the database of mqtt.storage. Name the provider, or leave this empty.");
        }
        else if (!isSame && options.ConnectionString.Length == 0)
        {
            database.Problem("connection-string", $"{database.Key("provider")} = {EnumNames.Of(options.Provider)} needs one.");
        }

        return options;
    }
}
