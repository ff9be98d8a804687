using System.Data.Common;
using System.Globalization;
using Broker.Actors.Hosting;
using Broker.Actors.Storage;
using Broker.Actors.Storage.Sql;
using Broker.Actors.Storage.Sql.Reading;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;

namespace Broker.Actors.Security.Databases;

/// <summary>Asks a database about users or rules. Each question has a connection of its own, from the driver's pool. Any thread.</summary>
internal sealed class SecurityDatabase
{
    private readonly StorageProvider _provider;
    private readonly string _connectionString;
    private readonly TimeSpan _timeout;

    private SecurityDatabase(StorageProvider provider, string connectionString, TimeSpan timeout)
    {
        _provider = provider;
        _connectionString = connectionString;
        _timeout = timeout;
    }

    /// <summary>The same on every node, and unknown to clients.</summary>
    public string Secret => $"{_provider} {_connectionString}";

    /// <param name="options">Which database.</param>
    /// <param name="broker">Where it is the same, that of its storage.</param>
    /// <exception cref="StorageException">The connection string is not one of the provider.</exception>
    public static SecurityDatabase Of(SecurityDatabaseOptions options, BrokerOptions broker)
    {
        var isSame = options.Provider == SecurityDatabaseProvider.Same;
        var provider = options.Provider switch
        {
            SecurityDatabaseProvider.Sqlite => StorageProvider.Sqlite,
            SecurityDatabaseProvider.PostgreSql => StorageProvider.PostgreSql,
            SecurityDatabaseProvider.SqlServer => StorageProvider.SqlServer,
            SecurityDatabaseProvider.MySql => StorageProvider.MySql,
            _ => broker.Storage.Provider,
        };
        var connectionString = isSame ? broker.Storage.ConnectionString : options.ConnectionString;
        if (isSame && provider == StorageProvider.Sqlite && connectionString.Length == 0)
        {
            connectionString = SqlDialects.File(broker.DataDirectory, SqlDialects.FileName);
        }

        var database = new SecurityDatabase(provider, connectionString, options.Timeout);
        try
        {
            database.Create().Dispose();
            return database;
        }
        catch (ArgumentException problem)
        {
            throw new StorageException($"mqtt.security: the connection string is not one of {provider}: {problem.Message}", problem);
        }
    }

    /// <summary>All rows that a query answers.</summary>
    /// <param name="query">With <c>@name</c> for each parameter.</param>
    /// <param name="parameters">Never part of the text, whatever they hold.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="StorageException">The database does not answer in time, or refuses the query.</exception>
    public async Task<SecurityRows> QueryAsync(string query, IReadOnlyList<(string Name, string Value)> parameters, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(_timeout);
        try
        {
            // SQLite and the start of the others' connections do not give way by themselves; the caller may be an event loop.
            return await Task.Run(() => RunAsync(query, parameters, deadline.Token), deadline.Token).WaitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException problem) when (!cancellation.IsCancellationRequested)
        {
            throw new StorageException($"{_provider} has not answered within {_timeout.TotalSeconds:0.#} s", problem);
        }
        catch (Exception problem) when (Guard.IsAway(problem) || problem is InvalidOperationException)
        {
            throw new StorageException($"{_provider} cannot be read: {problem.Message}", problem);
        }
    }

    private async Task<SecurityRows> RunAsync(string query, IReadOnlyList<(string Name, string Value)> parameters, CancellationToken cancellation)
    {
        await using var connection = Create();
        await connection.OpenAsync(cancellation).ConfigureAwait(false);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The query is the operator's own; what clients bring are parameters.
        command.CommandText = query;
#pragma warning restore CA2100
        command.CommandTimeout = Math.Max(1, (int)Math.Ceiling(_timeout.TotalSeconds));
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToArray();
        var rows = new List<string?[]>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var row = new string?[columns.Length];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? null : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture);
            }

            rows.Add(row);
        }

        return new SecurityRows(columns, rows);
    }

    private DbConnection Create() => _provider switch
    {
        StorageProvider.PostgreSql => new NpgsqlConnection(_connectionString),
        StorageProvider.MySql => new MySqlConnection(_connectionString),
        StorageProvider.SqlServer => new SqlConnection(_connectionString),
        _ => new SqliteConnection(_connectionString),
    };
}
