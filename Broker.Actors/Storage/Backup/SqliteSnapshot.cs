using Microsoft.Data.Sqlite;

namespace Broker.Actors.Storage.Backup;

/// <summary>
/// Both databases at one moment, though a node writes them. Routes must be a superset of the journal's subscriptions: copied one behind the other they might not be. So
/// the locks of both writers are held for as long as it takes to begin a read of each, and whatever is committed later is in neither copy.
/// </summary>
internal sealed class SqliteSnapshot : IDisposable
{
    private readonly SqliteConnection _main;
    private readonly SqliteConnection? _journal;

    private SqliteSnapshot(SqliteConnection main, SqliteConnection? journal) => (_main, _journal) = (main, journal);

    /// <summary>Fixes the moment.</summary>
    /// <exception cref="SqliteException">A database cannot be read, or stays locked.</exception>
    public static SqliteSnapshot Take(SqliteFiles files)
    {
        var main = SqliteFiles.Open(files.Main);
        SqliteConnection? journal = null;
        try
        {
            // A node that has never started on this directory to its end has none.
            var hasJournal = File.Exists(files.Journal);
            journal = hasJournal ? SqliteFiles.Open(files.Journal) : null;
            using var mainWriter = SqliteFiles.Open(files.Main);
            using var journalWriter = hasJournal ? SqliteFiles.Open(files.Journal) : null;
            Execute(mainWriter, "BEGIN IMMEDIATE");
            Execute(journalWriter, "BEGIN IMMEDIATE");

            // A read begins with its first row, not with BEGIN.
            Execute(main, "BEGIN; SELECT COUNT(*) FROM sqlite_master");
            Execute(journal, "BEGIN; SELECT COUNT(*) FROM sqlite_master");
            return new SqliteSnapshot(main, journal);
        }
        catch (SqliteException)
        {
            main.Dispose();
            journal?.Dispose();
            throw;
        }
    }

    /// <summary>Copies what was there at that moment.</summary>
    /// <exception cref="SqliteException">There is no room, or a page cannot be read.</exception>
    public void CopyTo(SqliteFiles target)
    {
        Copy(_main, target.Main);
        if (_journal is not null)
        {
            Copy(_journal, target.Journal);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _main.Dispose();
        _journal?.Dispose();
    }

    private static void Copy(SqliteConnection from, string file)
    {
        using var to = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
        from.BackupDatabase(to);
    }

    private static void Execute(SqliteConnection? connection, string statements)
    {
        if (connection is null)
        {
            return;
        }

        using var command = connection.CreateCommand();
        command.CommandText = statements;
        command.ExecuteScalar();
    }
}
