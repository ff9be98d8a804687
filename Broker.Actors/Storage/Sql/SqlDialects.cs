using Broker.Actors.Hosting;
using Broker.Actors.Storage.Sql.Dialects;
using Microsoft.Data.Sqlite;

namespace Broker.Actors.Storage.Sql;

/// <summary>Chooses the dialect that <c>mqtt.storage</c> asks for.</summary>
internal static class SqlDialects
{
    /// <summary>SQLite's file, where no connection string names another.</summary>
    public const string FileName = "broker.db";

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
                StorageProvider.PostgreSql => new PostgreSqlDialect(connectionString),
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

    /// <summary>The connection string for a file of SQLite.</summary>
    public static string File(string directory, string name) =>
        new SqliteConnectionStringBuilder { DataSource = Path.Combine(directory, name) }.ConnectionString;
}
