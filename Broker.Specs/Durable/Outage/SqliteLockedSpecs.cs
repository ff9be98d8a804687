using Broker.Actors.Storage.Sql;
using Broker.Specs.EndToEnd.Harness;
using Microsoft.Data.Sqlite;

namespace Broker.Specs.Durable.Outage;

/// <summary>Another process holds the lock of SQLite's file.</summary>
public sealed class SqliteLockedSpecs : OutageSpecs, IAsyncDisposable
{
    private readonly List<SqliteConnection> _locks = [];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await RestoreAsync();

    protected override Task<string[]> SettingsAsync() => Task.FromResult<string[]>([]);

    private protected override async Task BreakAsync(BrokerProcess broker)
    {
        foreach (var file in (string[])[SqlDialects.FileName, SqlPersistence.JournalFileName])
        {
            var connection = new SqliteConnection($"Data Source={broker.DataFile(file)};Pooling=False");
            _locks.Add(connection);
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "BEGIN EXCLUSIVE";
            await command.ExecuteNonQueryAsync();
        }
    }

    protected override async Task RestoreAsync()
    {
        foreach (var connection in _locks)
        {
            // Closing rolls back.
            await connection.DisposeAsync();
        }

        _locks.Clear();
    }
}
