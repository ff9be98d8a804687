using System.Data.Common;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Broker.Actors.Storage.Sql.Dialects;

namespace Broker.Actors.Storage.Sql.Reading;

/// <summary>Turns what drivers throw into what the store promises.</summary>
internal static class Guard
{
    /// <summary>A database that does not answer.</summary>
    public static bool IsAway(Exception problem) =>
        problem is DbException or IOException or SocketException or TimeoutException
        || (problem is LinqToDB.LinqToDBException && problem.InnerException is { } inner && IsAway(inner));

    /// <summary>Runs a read.</summary>
    /// <exception cref="StorageException">The database does not answer.</exception>
    public static async Task<T> ReadAsync<T>(SqlDialect dialect, Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception problem) when (IsAway(problem))
        {
            throw new StorageException($"{dialect.Name} cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>Runs a read of many rows.</summary>
    /// <exception cref="StorageException">The database does not answer.</exception>
    public static async IAsyncEnumerable<T> ReadAllAsync<T>(
        SqlDialect dialect, IAsyncEnumerable<T> rows, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var enumerator = rows.GetAsyncEnumerator(cancellation);
        while (await ReadAsync(dialect, () => enumerator.MoveNextAsync().AsTask()).ConfigureAwait(false))
        {
            yield return enumerator.Current;
        }
    }

    /// <summary>Decodes a column.</summary>
    /// <exception cref="CorruptRowException">It is damaged.</exception>
    public static T Decode<T>(string row, Func<T> decode)
    {
        try
        {
            return decode();
        }
        catch (FormatException problem)
        {
            throw Corrupt(row, problem);
        }
    }

    /// <summary>Decodes a column of one of many rows: a damaged one is told, and holds up none of the others.</summary>
    public static (T? Value, string? Problem) TryDecode<T>(string row, Func<T> decode) where T : class
    {
        try
        {
            return (decode(), null);
        }
        catch (FormatException problem)
        {
            return (null, Corrupt(row, problem).Message);
        }
    }

    /// <summary>The row is damaged.</summary>
    public static CorruptRowException Corrupt(string row, FormatException problem) =>
        new($"{row} cannot be read: {problem.Message}. Restore it from a backup, or delete it.", problem);
}
