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

    /// <summary>
    /// Puts the others in the place of these, which are moved to <paramref name="aside"/> first, a folder of the same disk, and come back where that fails. Who is killed meanwhile
    /// finds them there.
    /// </summary>
    /// <exception cref="IOException">These are as they were.</exception>
    public void ReplaceBy(SqliteFiles others, string aside)
    {
        var moved = new List<(string From, string To)>();
        try
        {
            foreach (var file in All.SelectMany(static file => Companions.Select(companion => file + companion).Prepend(file)))
            {
                Move(file, Path.Combine(aside, Path.GetFileName(file)), moved);
            }

            foreach (var (from, to) in others.All.Zip(All))
            {
                Move(from, to, moved);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            foreach (var (from, to) in Enumerable.Reverse(moved))
            {
                File.Move(to, from);
            }

            throw;
        }
    }

    private static void Move(string from, string to, List<(string From, string To)> moved)
    {
        if (File.Exists(from))
        {
            File.Move(from, to);
            moved.Add((from, to));
        }
    }
}
