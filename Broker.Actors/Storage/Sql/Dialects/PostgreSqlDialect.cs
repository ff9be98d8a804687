using System.Data.Common;
using Broker.Actors.Storage.Sql.Writing;
using LinqToDB;
using Npgsql;
using NpgsqlTypes;

namespace Broker.Actors.Storage.Sql.Dialects;

/// <summary>PostgreSQL 13 and later. Rows go as one array for each column.</summary>
/// <param name="connectionString">Of Npgsql.</param>
/// <param name="tokens">In place of a password; null: the connection string has what the server wants.</param>
internal sealed class PostgreSqlDialect(string connectionString, AccessTokens? tokens = null) : SqlDialect
{
    /// <inheritdoc/>
    public override string Name => "PostgreSQL";

    /// <inheritdoc/>
    public override DataOptions Options { get; } = tokens is null
        ? new DataOptions().UseConnectionString("PostgreSQL.15", connectionString)
        : new DataOptions().UseConnectionString("PostgreSQL.15", connectionString).UseInterceptor(new TokenLogin(tokens));

    /// <inheritdoc/>
    public override string Now => "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

    /// <inheritdoc/>
    public override string WriterSetup => "SET idle_in_transaction_session_timeout = 6000";

    /// <inheritdoc/>
    public override string Define(string template) => template
        .Replace("{number}", "BIGINT", StringComparison.Ordinal)
        .Replace("{bytes}", "BYTEA", StringComparison.Ordinal)
        .Replace("{hash}", "BYTEA", StringComparison.Ordinal)
        .Replace("{text}", "TEXT", StringComparison.Ordinal)
        .Replace("{updated}", " WITH (fillfactor = 50)", StringComparison.Ordinal)
        .Replace("{narrow}", "", StringComparison.Ordinal)
        .Replace("{where}", "WHERE", StringComparison.Ordinal)
        .Replace("{end}", "", StringComparison.Ordinal);

    /// <summary>Class 22: data, class 23: constraints, 54000: a limit of the server.</summary>
    public override bool IsRefusal(DbException problem) =>
        problem is PostgresException { SqlState: var state }
        && (state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal) || state == PostgresErrorCodes.ProgramLimitExceeded);

    /// <inheritdoc/>
    public override bool IsRefusedLogin(DbException problem) =>
        problem is PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification };

    /// <inheritdoc/>
    public override void Execute(CommandCache commands, RowSet rows)
    {
        var command = commands.Get(rows, Prepare);
        for (var i = 0; i < rows.Columns.Length; i++)
        {
            var column = rows.Columns[i];
            command.Parameters[i].Value = column.Numbers ?? (object?)column.OptionalNumbers ?? column.Bytes!;
        }

        command.ExecuteNonQuery();
    }

    private static void Prepare(DbCommand command, RowSet rows)
    {
        var names = Array.ConvertAll(rows.Columns, column => column.Name);
        var last = names.Length - 1;
        var arrays = string.Join(", ", rows.Columns.Select((column, i) => $"${i + 1}::{(column.Bytes is null ? "bigint" : "bytea")}[]"));
        var values = $"unnest({arrays}) AS u({string.Join(", ", names)})";
        command.CommandText = rows.Operation switch
        {
            RowOperation.Insert => $"INSERT INTO {rows.Table} ({string.Join(", ", names)}) SELECT {string.Join(", ", names)} FROM {values}",
            RowOperation.Update =>
                $"UPDATE {rows.Table} t SET {string.Join(", ", names.Skip(1).Select(name => $"{name} = u.{name}"))} FROM {values} WHERE t.{names[0]} = u.{names[0]}",
            _ => $"DELETE FROM {rows.Table} t USING {values} WHERE "
                + $"{string.Concat(names.SkipLast(1).Select(name => $"t.{name} = u.{name} AND "))}t.{names[last]} < u.{names[last]}",
        };
        foreach (var column in rows.Columns)
        {
            command.Parameters.Add(new NpgsqlParameter
            {
                NpgsqlDbType = NpgsqlDbType.Array | (column.Bytes is null ? NpgsqlDbType.Bigint : NpgsqlDbType.Bytea),
            });
        }

        command.Prepare();
    }
}
