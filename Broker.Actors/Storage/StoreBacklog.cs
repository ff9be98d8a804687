namespace Broker.Actors.Storage;

/// <summary>Writes that are not committed yet.</summary>
/// <param name="Writes">How many.</param>
/// <param name="Bytes">The memory they hold, roughly.</param>
internal readonly record struct StoreBacklog(long Writes, long Bytes)
{
    /// <summary>From here on publishers should be held.</summary>
    public const int MostWrites = 50_000;

    /// <summary>From here on publishers should be held.</summary>
    public const int MostBytes = 64 * 1024 * 1024;

    /// <summary>Whether publishers should be held: below half of both limits they may go on.</summary>
    public bool IsFull => Writes >= MostWrites || Bytes >= MostBytes;

    /// <summary>Whether publishers that were held may go on.</summary>
    public bool HasRoom => Writes < MostWrites / 2 && Bytes < MostBytes / 2;
}
