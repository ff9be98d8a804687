using System.Collections.Concurrent;
using Broker.Actors.Hosting;
using Broker.Actors.Storage.Sql.Dialects;
using Microsoft.Data.Sqlite;

namespace Broker.Actors.Storage.Sql;

/// <summary>Chooses the dialect that <c>mqtt.storage</c> asks for.</summary>
internal static class SqlDialects
{
    /// <summary>SQLite's file, where no connection string names another.</summary>
    public const string FileName = "broker.db";

    private static readonly ConcurrentDictionary<string, AccessTokens> Shared = new(StringComparer.Ordinal);

    /// <exception cref="StorageException">The connection string is missing or malformed.</exception>
    public static SqlDialect Create(BrokerOptions options)
    {
        var (provider, connectionString) = (options.Storage.Provider, options.Storage.ConnectionString);
        if (provider != StorageProvider.Sqlite && connectionString.Length == 0)
        {
            throw new StorageException($"mqtt.storage.connection-string is empty; {provider} needs one. Only SQLite has a default.");
        }

        try
        {
            return provider switch
            {
                StorageProvider.PostgreSql => new PostgreSqlDialect(connectionString, Tokens(options.Storage.AccessTokenAddress)),
                StorageProvider.MySql => new MySqlDialect(connectionString),
                StorageProvider.SqlServer => new SqlServerDialect(connectionString),
                _ => new SqliteDialect(connectionString.Length > 0 ? connectionString : File(options.DataDirectory, FileName)),
            };
        }
        catch (ArgumentException problem)
        {
            throw new StorageException($"mqtt.storage.connection-string is not one of {provider}: {problem.Message}", problem);
        }
    }

    // As long as the process: each part of the node has a dialect of its own, and they share what was fetched.
    private static AccessTokens? Tokens(string address) => address.Length == 0 ? null : Shared.GetOrAdd(address, static address => new AccessTokens(new Uri(address), TimeProvider.System));

    /// <summary>The connection string for a file of SQLite.</summary>
    public static string File(string directory, string name) =>
        new SqliteConnectionStringBuilder { DataSource = Path.Combine(directory, name) }.ConnectionString;
}
