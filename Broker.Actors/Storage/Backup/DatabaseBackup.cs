using System.Globalization;
using Broker.Actors.Hosting;
using Broker.Actors.Storage.Sql;
using Broker.Actors.Storage.Sql.Schema;
using Microsoft.Data.Sqlite;

namespace Broker.Actors.Storage.Backup;

/// <summary>
/// Backup and restore of a node on SQLite, into one file and out of it. Servers have their own tools (docs/operations.md). What a backup that is older than its
/// clients means is in docs/loss.md.
/// </summary>
public static class DatabaseBackup
{
    /// <summary>
    /// Writes a backup of the node's database as it is at one moment; a node may be running on it, and goes on. Needs room for the database twice where the file goes.
    /// </summary>
    /// <param name="options">Of the node: which database, and where.</param>
    /// <param name="file">Must not exist. Readable by its owner alone, since it holds messages.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="StorageException">There is no database of SQLite, the file is there already, or it cannot be written.</exception>
    public static BackupManifest Create(BrokerOptions options, string file, TimeProvider time)
    {
        var files = SqliteFiles.Of(options);
        file = Path.GetFullPath(file);
        if (!File.Exists(files.Main))
        {
            throw new StorageException($"{files.Main} does not exist: there is nothing to back up. Give the node's own settings, with --config or --set mqtt.data-directory=…");
        }

        if (File.Exists(file))
        {
            throw new StorageException($"{file} exists already, and is left as it is. Give the backup another name.");
        }

        // A name that nobody has given anything else.
        var work = $"{file}.{Guid.NewGuid():N}.part";
        try
        {
            MakePrivate(work);
            var takenAt = time.GetUtcNow();
            using (var snapshot = SqliteSnapshot.Take(files))
            {
                snapshot.CopyTo(new SqliteFiles(Path.Combine(work, SqlDialects.FileName), Path.Combine(work, SqlPersistence.JournalFileName)));
            }

            var databases = Directory.GetFiles(work, "*.db");
            var manifest = new BackupManifest(
                BackupManifest.CurrentForm, options.Version, SchemaOf(Path.Combine(work, SqlDialects.FileName)), takenAt, BackupArchive.Hashes(databases));
            var packed = Path.Combine(work, "packed");
            BackupArchive.Write(packed, manifest, databases);
            File.Move(packed, file, overwrite: false);
            return manifest;
        }
        catch (Exception problem) when (problem is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The backup of {files.Main} to {file} has failed: {problem.Message}", problem);
        }
        finally
        {
            Remove(work);
        }
    }

    /// <summary>Puts a backup into the data directory of a node that is stopped. What it holds is checked before anything is replaced.</summary>
    /// <param name="options">Of the node that gets it.</param>
    /// <param name="file">Written by <see cref="Create"/>.</param>
    /// <param name="overwrite">Whether a database that is there is replaced.</param>
    /// <exception cref="StorageException">A node runs on the data directory, there is a database already, or the file is no backup, damaged or of a newer version.</exception>
    public static BackupManifest Restore(BrokerOptions options, string file, bool overwrite)
    {
        var files = SqliteFiles.Of(options);
        if (!File.Exists(file))
        {
            throw new StorageException($"{file} does not exist.");
        }

        using var stopped = Lock(options.DataDirectory);
        if (files.Existing() is { } existing && !overwrite)
        {
            throw new StorageException($"{existing} is there already. --overwrite replaces it and what belongs to it; what they hold is gone then.");
        }

        var replaced = Path.Combine(options.DataDirectory, "replaced");
        if (Directory.Exists(replaced))
        {
            throw new StorageException(
                $"{replaced} is there: a restore was interrupted, and it holds the database from before. Move its files back to where they were, or remove it, and restore again.");
        }

        var work = Path.Combine(options.DataDirectory, "restore.part");
        try
        {
            MakePrivate(work);
            var manifest = BackupArchive.Read(file, work);
            var unpacked = new SqliteFiles(Path.Combine(work, SqlDialects.FileName), Path.Combine(work, SqlPersistence.JournalFileName));
            Check(unpacked, file);
            MakePrivate(replaced);
            files.ReplaceBy(unpacked, replaced);
            Remove(replaced);
            return manifest;
        }
        catch (Exception problem) when (problem is SqliteException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new StorageException($"{file} cannot be restored to {options.DataDirectory}: {problem.Message}", problem);
        }
        finally
        {
            Remove(work);
            RemoveIfEmpty(replaced);
        }
    }

    private static DataDirectoryLock Lock(string directory)
    {
        try
        {
            return DataDirectoryLock.Acquire(directory);
        }
        catch (StorageException problem)
        {
            throw new StorageException($"Stop the node first, if one runs on {directory}. {problem.Message}", problem);
        }
    }

    private static void Check(SqliteFiles unpacked, string file)
    {
        if (!File.Exists(unpacked.Main))
        {
            throw new InvalidDataException($"it has no {SqlDialects.FileName}");
        }

        foreach (var database in unpacked.All.Where(File.Exists))
        {
            using var connection = SqliteFiles.Open(database);
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA quick_check(1)";
            if (Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) is var found and not "ok")
            {
                throw new InvalidDataException($"its {Path.GetFileName(database)} is damaged: {found}");
            }
        }

        if (SchemaOf(unpacked.Main) is var schema && schema > Migrations.Latest)
        {
            throw new StorageException(
                $"{file} has version {schema} of the tables and this program knows {Migrations.Latest}: a newer program has written it. Restore it with that one.");
        }
    }

    private static int SchemaOf(string main)
    {
        using var connection = SqliteFiles.Open(main);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COALESCE(MAX(version), 0) FROM mqtt_schema";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>A folder of its own for the files on their way. What an interrupted restore has left in it is of no use.</summary>
    private static void MakePrivate(string folder)
    {
        Remove(folder);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void RemoveIfEmpty(string folder)
    {
        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
