using Broker.Actors.Storage.Backup;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Hosting;

/// <summary>
/// Whether so little room is left where an embedded database writes that nobody may bring more: a disk that is full stops what frees it too, since SQLite needs room to
/// delete. Looked at by the clock.
/// </summary>
internal sealed partial class DiskGuard
{
    /// <summary>Of the bound: with so much more, publishers go on. In between nothing changes, so that it does not go back and forth.</summary>
    private const double HighShare = 1.25;

    private readonly long _least;
    private readonly string _folder;
    private readonly Func<long> _free;
    private readonly ILogger _logger;
    private volatile bool _isLow;
    private long _lastFree;

    /// <param name="least">Bytes that are to stay free.</param>
    /// <param name="folder">For people.</param>
    /// <param name="free">Bytes that are free now.</param>
    /// <param name="logger">Told once when it begins, once when it ends.</param>
    public DiskGuard(long least, string folder, Func<long> free, ILogger logger) => (_least, _folder, _free, _logger) = (least, folder, free, logger);

    /// <summary>Whoever brings what must be stored is held. Any thread.</summary>
    public bool IsLow => _isLow;

    /// <summary>Bytes that were free when it looked last. Any thread.</summary>
    public long Free => Volatile.Read(ref _lastFree);

    /// <summary>For people, where <see cref="IsLow"/>.</summary>
    public string Problem => $"{Free >> 20} MiB are free in {_folder}, and mqtt.storage.min-free-space is {_least >> 20} MiB";

    /// <summary>Of the disk that the database of these options is on; null: a server's, or nothing is to stay free.</summary>
    public static DiskGuard? For(BrokerOptions options, ILogger logger)
    {
        if (options.Storage.Provider != StorageProvider.Sqlite || options.Storage.MinFreeSpace == 0)
        {
            return null;
        }

        var folder = Path.GetDirectoryName(SqliteFiles.Of(options).Main)!;
        var disk = new DriveInfo(folder);
        var guard = new DiskGuard(options.Storage.MinFreeSpace, folder, () => disk.AvailableFreeSpace, logger);
        guard.Check();
        return guard;
    }

    /// <summary>Looks again. One caller at a time.</summary>
    public void Check()
    {
        try
        {
            Volatile.Write(ref _lastFree, _free());
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // The disk is gone, and the database with it, which is told elsewhere.
            return;
        }

        if (!_isLow && Free < _least)
        {
            _isLow = true;
            Low(_logger, Problem);
        }
        else if (_isLow && Free >= _least * HighShare)
        {
            _isLow = false;
            RoomAgain(_logger, Free >> 20, _folder);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Problem}: publishers to durable sessions and of retained messages are held until there is a quarter more")]
    private static partial void Low(ILogger logger, string problem);

    [LoggerMessage(LogLevel.Information, "{Free} MiB are free in {Folder}: publishers go on")]
    private static partial void RoomAgain(ILogger logger, long free, string folder);
}
