namespace Broker.Actors.Storage.Sql;

/// <summary>Keeps a second node off a data directory, as long as it lives: SQLite's file belongs to one process (hard case 1).</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private const string FileName = "broker.lock";

    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <exception cref="StorageException">Another process has it, or the directory cannot be written.</exception>
    public static DataDirectoryLock Acquire(string directory)
    {
        var path = Path.Combine(directory, FileName);
        try
        {
            Directory.CreateDirectory(directory);
            return new DataDirectoryLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                $"The data directory '{directory}' cannot be locked: {problem.Message} Another node may be using it. Give this one its own mqtt.data-directory.",
                problem);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
