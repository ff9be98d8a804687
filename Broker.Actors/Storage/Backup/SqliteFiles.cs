using Broker.Actors.Hosting;
using Broker.Actors.Storage.Sql;
using Broker.Actors.Storage.Sql.Dialects;
using Microsoft.Data.Sqlite;

namespace Broker.Actors.Storage.Backup;

/// <summary>The two databases of a node on SQLite.</summary>
/// <param name="Main">Sessions' queues, routes, retained messages.</param>
/// <param name="Journal">Events and snapshots of sessions.</param>
internal sealed record SqliteFiles(string Main, string Journal)
{
    // What SQLite keeps beside a file in WAL mode.
    private static readonly string[] Companions = ["-wal", "-shm"];

    public IReadOnlyList<string> All => [Main, Journal];

    /// <summary>As the node would use them.</summary>
    /// <exception cref="StorageException">It uses another kind of database.</exception>
    public static SqliteFiles Of(BrokerOptions options)
    {
        if (SqlDialects.Create(options) is not SqliteDialect sqlite)
        {
            throw new StorageException(
                $"mqtt.storage.provider = {options.Storage.Provider.ToString().ToLowerInvariant()}: the server's own tools back it up and restore it, "
                + "such as pg_dump and pg_restore (docs/operations.md, Backup and restore).");
        }

        var main = new SqliteConnectionStringBuilder(sqlite.Options.ConnectionOptions.ConnectionString).DataSource;
        return new SqliteFiles(Path.GetFullPath(main), Path.Combine(options.DataDirectory, SqlPersistence.JournalFileName));
    }

    /// <summary>Opens a file that is there, on a connection that nobody else gets.</summary>
    public static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    /// <summary>One that is there, or null.</summary>
    public string? Existing() => All.FirstOrDefault(File.Exists);

    /// <summary>Removes these and puts the others in their place. Who is interrupted does it again.</summary>
    public void ReplaceBy(SqliteFiles others)
    {
        foreach (var file in All.SelectMany(static file => Companions.Select(companion => file + companion).Prepend(file)))
        {
            File.Delete(file);
        }

        foreach (var (from, to) in others.All.Zip(All))
        {
            if (File.Exists(from))
            {
                File.Move(from, to);
            }
        }
    }
}
