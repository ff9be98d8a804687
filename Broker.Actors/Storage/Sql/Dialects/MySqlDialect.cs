using System.Data.Common;
using Broker.Actors.Storage.Sql.Writing;
using LinqToDB;
using MySqlConnector;

namespace Broker.Actors.Storage.Sql.Dialects;

/// <summary>MySQL 8 and MariaDB 10.6 and later.</summary>
internal sealed class MySqlDialect(string connectionString) : SqlDialect
{
    private readonly LiteralRows _text = new("X'", "'");

    /// <inheritdoc/>
    public override string Name => "MySQL";

    /// <inheritdoc/>
    public override DataOptions Options { get; } = new DataOptions().UseConnectionString("MySql.8.0.MySqlConnector", connectionString);

    /// <inheritdoc/>
    public override string Now => "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)";

    /// <summary>The writer looks at the database every two seconds: only one that has stopped is silent for longer.</summary>
    public override string WriterSetup => "SET SESSION wait_timeout = 6";

    /// <inheritdoc/>
    public override string FromNothing => " FROM DUAL";

    /// <inheritdoc/>
    public override string Define(string template) => template
        .Replace("{number}", "BIGINT", StringComparison.Ordinal)
        .Replace("{bytes}", "LONGBLOB", StringComparison.Ordinal)
        .Replace("{hash}", "BINARY(16)", StringComparison.Ordinal)
        .Replace("{text}", "LONGTEXT CHARACTER SET utf8mb4", StringComparison.Ordinal)
        .Replace("{updated}", " ENGINE=InnoDB", StringComparison.Ordinal)
        .Replace("{narrow}", " ENGINE=InnoDB", StringComparison.Ordinal)
        .Replace("{where}", "/* ", StringComparison.Ordinal)
        .Replace("{end}", " */", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool HasTransactionalDefinitions => false;

    /// <inheritdoc/>
    public override bool IsDefinedAlready(DbException problem) =>
        problem is MySqlException { ErrorCode: MySqlErrorCode.TableExists or MySqlErrorCode.DuplicateKeyName or MySqlErrorCode.DuplicateFieldName };

    /// <inheritdoc/>
    public override bool IsRefusal(DbException problem) => problem is MySqlException
    {
        ErrorCode: MySqlErrorCode.DuplicateKeyEntry or MySqlErrorCode.DataTooLong or MySqlErrorCode.ColumnCannotBeNull
            or MySqlErrorCode.WarningDataOutOfRange or MySqlErrorCode.PacketTooLarge or MySqlErrorCode.TruncatedWrongValueForField,
    };

    /// <inheritdoc/>
    public override bool IsRefusedLogin(DbException problem) => problem is MySqlException { ErrorCode: MySqlErrorCode.AccessDenied };

    /// <inheritdoc/>
    public override void Execute(CommandCache commands, RowSet rows)
    {
        using var command = commands.Once(rows.Operation == RowOperation.DeleteBelow ? Delete(rows) : Insert(rows));
        command.ExecuteNonQuery();
    }

    private string Insert(RowSet rows)
    {
        var names = Array.ConvertAll(rows.Columns, column => column.Name);
        _text.Begin($"INSERT INTO {rows.Table} ({string.Join(',', names)}) VALUES ").AppendRows(rows);
        if (rows.Operation == RowOperation.Update)
        {
            _text.Append(" ON DUPLICATE KEY UPDATE ").Append(string.Join(',', names.Skip(1).Select(name => $"{name}=VALUES({name})")));
        }

        return _text.ToString();
    }

    private string Delete(RowSet rows)
    {
        _text.Begin($"DELETE FROM {rows.Table} WHERE ");
        for (var row = 0; row < rows.Count; row++)
        {
            _text.Append(row == 0 ? "(" : " OR (");
            for (var i = 0; i < rows.Columns.Length; i++)
            {
                _text.Append(i == 0 ? "" : " AND ").Append(rows.Columns[i].Name).Append(i == rows.Columns.Length - 1 ? "<" : "=");
                _text.AppendValue(rows.Columns[i], row);
            }

            _text.Append(")");
        }

        return _text.ToString();
    }
}
