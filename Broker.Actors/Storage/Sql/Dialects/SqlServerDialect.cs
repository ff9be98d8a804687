using System.Data.Common;
using Broker.Actors.Storage.Sql.Writing;
using LinqToDB;
using Microsoft.Data.SqlClient;

namespace Broker.Actors.Storage.Sql.Dialects;

/// <summary>SQL Server 2016 and later, Azure SQL.</summary>
internal sealed class SqlServerDialect(string connectionString) : SqlDialect
{
    private readonly LiteralRows _text = new("0x", "");

    /// <inheritdoc/>
    public override string Name => "SQL Server";

    /// <inheritdoc/>
    public override DataOptions Options { get; } =
        new DataOptions().UseConnectionString("SqlServer.2016.Microsoft.Data.SqlClient", connectionString);

    /// <summary>A table of literals is compiled each time, which larger ones do not repay.</summary>
    public override int GroupWrites => 1_000;

    /// <inheritdoc/>
    public override string Now => "DATEDIFF_BIG(MILLISECOND, '1970-01-01', SYSUTCDATETIME())";

    /// <inheritdoc/>
    public override string Limit(int rows) => $" OFFSET 0 ROWS FETCH NEXT {rows} ROWS ONLY";

    /// <inheritdoc/>
    public override string LimitParameter(string name) => $" OFFSET 0 ROWS FETCH NEXT {name} ROWS ONLY";

    /// <inheritdoc/>
    public override string Define(string template) => template
        .Replace("{number}", "BIGINT", StringComparison.Ordinal)
        .Replace("{bytes}", "VARBINARY(MAX)", StringComparison.Ordinal)
        .Replace("{hash}", "BINARY(16)", StringComparison.Ordinal)
        .Replace("{text}", "NVARCHAR(MAX)", StringComparison.Ordinal)
        .Replace("{updated}", "", StringComparison.Ordinal)
        .Replace("{narrow}", "", StringComparison.Ordinal)
        .Replace("{where}", "WHERE", StringComparison.Ordinal)
        .Replace("{end}", "", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string DefineMissing(string table, string columns) => Define($"IF OBJECT_ID('{table}') IS NULL CREATE TABLE {table} ({columns})");

    /// <summary>2601, 2627: unique; 515, 547: null and other constraints; 2628, 8152: too long; 8115, 220: out of range.</summary>
    public override bool IsRefusal(DbException problem) =>
        problem is SqlException { Number: 2601 or 2627 or 515 or 547 or 2628 or 8152 or 8115 or 220 };

    /// <inheritdoc/>
    public override bool IsRefusedLogin(DbException problem) => problem is SqlException { Number: 18456 };

    /// <inheritdoc/>
    public override void Execute(CommandCache commands, RowSet rows)
    {
        var names = Array.ConvertAll(rows.Columns, column => column.Name);
        var list = string.Join(',', names);
        var last = names.Length - 1;
        var values = $") AS u({list})";
        var sql = rows.Operation switch
        {
            RowOperation.Insert => _text.Begin($"INSERT INTO {rows.Table} ({list}) SELECT {list} FROM (VALUES ").AppendRows(rows).Append(values),
            RowOperation.Update => _text.Begin($"UPDATE t SET {string.Join(',', names.Skip(1).Select(name => $"{name}=u.{name}"))} FROM {rows.Table} t JOIN (VALUES ")
                .AppendRows(rows).Append(values).Append($" ON t.{names[0]}=u.{names[0]}"),
            _ => _text.Begin($"DELETE t FROM {rows.Table} t JOIN (VALUES ").AppendRows(rows).Append(values)
                .Append($" ON {string.Concat(names.SkipLast(1).Select(name => $"t.{name}=u.{name} AND "))}t.{names[last]}<u.{names[last]}"),
        };
        using var command = commands.Once(sql.ToString());
        command.ExecuteNonQuery();
    }
}
