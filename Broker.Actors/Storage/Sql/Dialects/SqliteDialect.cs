using System.Data.Common;
using Broker.Actors.Storage.Sql.Writing;
using LinqToDB;
using LinqToDB.Data;
using Microsoft.Data.Sqlite;

namespace Broker.Actors.Storage.Sql.Dialects;

/// <summary>SQLite, embedded: one process, a file in its data directory.</summary>
internal sealed class SqliteDialect : SqlDialect
{
    // Result codes of SQLite that say something about the statement, not about the file.
    private const int TooBig = 18;
    private const int Constraint = 19;
    private const int Mismatch = 20;

    /// <summary>Pages that are given back to the file system in one step.</summary>
    private const int ShrinkPages = 256;

    /// <param name="connectionString">In the form of Microsoft.Data.Sqlite.</param>
    public SqliteDialect(string connectionString)
    {
        // The group writer has its own patience with a file that is locked: it wants to know soon.
        var builder = new SqliteConnectionStringBuilder(connectionString) { DefaultTimeout = 1 };
        Options = new DataOptions().UseConnectionString("SQLite.MS", builder.ConnectionString).UseInterceptor(new SqlitePragmas());
    }

    /// <inheritdoc/>
    public override string Name => "SQLite";

    /// <inheritdoc/>
    public override DataOptions Options { get; }

    /// <inheritdoc/>
    public override bool IsShared => false;

    /// <inheritdoc/>
    public override int GroupWrites => 1_000;

    /// <inheritdoc/>
    public override int Readers => Math.Max(2, Environment.ProcessorCount);

    /// <inheritdoc/>
    public override string Now => "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";

    /// <inheritdoc/>
    public override string Define(string template) => template
        .Replace("{number}", "INTEGER", StringComparison.Ordinal)
        .Replace("{bytes}", "BLOB", StringComparison.Ordinal)
        .Replace("{hash}", "BLOB", StringComparison.Ordinal)
        .Replace("{text}", "TEXT", StringComparison.Ordinal)
        .Replace("{updated}", "", StringComparison.Ordinal)
        .Replace("{narrow}", " WITHOUT ROWID", StringComparison.Ordinal)
        .Replace("{where}", "WHERE", StringComparison.Ordinal)
        .Replace("{end}", "", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool IsRefusal(DbException problem) => problem is SqliteException { SqliteErrorCode: TooBig or Constraint or Mismatch };

    /// <inheritdoc/>
    public override void Execute(CommandCache commands, RowSet rows)
    {
        var command = commands.Get(rows, Prepare);
        for (var row = 0; row < rows.Count; row++)
        {
            for (var i = 0; i < rows.Columns.Length; i++)
            {
                var column = rows.Columns[i];
                command.Parameters[i].Value = column.Numbers is { } numbers ? numbers[row]
                    : column.OptionalNumbers is { } optional ? optional[row] ?? (object)DBNull.Value
                    : column.Bytes![row] ?? (object)DBNull.Value;
            }

            command.ExecuteNonQuery();
        }
    }

    /// <inheritdoc/>
    public override bool Shrink(CommandCache commands)
    {
        var free = Convert.ToInt64(commands.Scalar(new Statement("PRAGMA freelist_count")), null);
        if (free <= ShrinkPages)
        {
            return false;
        }

        using var vacuum = commands.Once($"PRAGMA incremental_vacuum({ShrinkPages})");
        using var steps = vacuum.ExecuteReader();
        while (steps.Read())
        {
            // Each step frees one page.
        }

        return true;
    }

    /// <inheritdoc/>
    public override void Close(CommandCache commands)
    {
        using var checkpoint = commands.Once("PRAGMA wal_checkpoint(TRUNCATE)");
        checkpoint.ExecuteNonQuery();
    }

    private static void Prepare(DbCommand command, RowSet rows)
    {
        var names = Array.ConvertAll(rows.Columns, column => column.Name);
        var last = names.Length - 1;
        command.CommandText = rows.Operation switch
        {
            RowOperation.Insert => $"INSERT INTO {rows.Table} ({string.Join(", ", names)}) VALUES ({string.Join(", ", names.Select(name => "@" + name))})",
            RowOperation.Update =>
                $"UPDATE {rows.Table} SET {string.Join(", ", names.Skip(1).Select(name => $"{name} = @{name}"))} WHERE {names[0]} = @{names[0]}",
            _ => $"DELETE FROM {rows.Table} WHERE {string.Concat(names.SkipLast(1).Select(name => $"{name} = @{name} AND "))}{names[last]} < @{names[last]}",
        };
        foreach (var column in rows.Columns)
        {
            command.Parameters.Add(new SqliteParameter("@" + column.Name, column.Bytes is null ? SqliteType.Integer : SqliteType.Blob));
        }

        command.Prepare();
    }
}
