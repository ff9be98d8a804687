using Broker.Actors.Hosting;

namespace Broker.Node.Configuration;

/// <summary><c>mqtt.storage</c>.</summary>
internal static class StorageSettings
{
    public static StorageOptions Read(SettingReader storage)
    {
        var defaults = new StorageOptions();
        var options = new StorageOptions
        {
            Provider = storage.Choice("provider", defaults.Provider),
            ConnectionString = storage.Text("connection-string", defaults.ConnectionString),
            AccessTokenAddress = storage.Text("access-token-address", defaults.AccessTokenAddress),
            Patience = storage.Duration("patience", defaults.Patience, TimeSpan.Zero, TimeSpan.FromDays(1)),
            MaxBacklog = storage.Bytes("max-backlog", defaults.MaxBacklog, 1024 * 1024, 64L * 1024 * 1024 * 1024),
            MinFreeSpace = storage.Bytes("min-free-space", defaults.MinFreeSpace, 0, 1024L * 1024 * 1024 * 1024),
        };

        if (options.Provider != StorageProvider.Sqlite && options.ConnectionString.Length == 0)
        {
            storage.Problem("connection-string", $"{storage.Key("provider")} = {EnumNames.Of(options.Provider)} needs one; only sqlite does without.");
        }

        if (options.AccessTokenAddress.Length > 0 && options.Provider != StorageProvider.PostgreSql)
        {
            storage.Problem("access-token-address", $"is for {storage.Key("provider")} = postgresql only; the others have it in their connection string.");
        }
        else if (options.AccessTokenAddress.Length > 0
            && !(Uri.TryCreate(options.AccessTokenAddress, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)))
        {
            storage.Problem("access-token-address", "must be an address, or empty.");
        }

        return options;
    }
}
