using System.Data;
using System.Data.Common;

namespace Broker.Actors.Storage.Sql.Writing;

/// <summary>A connection and what was prepared there.</summary>
internal sealed class CommandCache(DbConnection connection) : IDisposable
{
    private readonly Dictionary<object, DbCommand> _prepared = [];
    private readonly DbCommand _factory = connection.CreateCommand();

    public DbConnection Connection => connection;

    /// <summary>The running transaction.</summary>
    public DbTransaction? Transaction { get; set; }

    /// <summary>A command that is made once and kept, for the running transaction.</summary>
    /// <param name="key">The statement's text, or what stands for it.</param>
    /// <param name="make">Sets text and parameters.</param>
    public DbCommand Get<TKey>(TKey key, Action<DbCommand, TKey> make)
        where TKey : class
    {
        if (!_prepared.TryGetValue(key, out var command))
        {
            command = connection.CreateCommand();
            make(command, key);
            _prepared.Add(key, command);
        }

        command.Transaction = Transaction;
        return command;
    }

    /// <summary>A command whose text is used once.</summary>
    public DbCommand Once(string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // made of names of ours, numbers and hexadecimal bytes
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = Transaction;
        return command;
    }

    /// <summary>Runs statements in order, in one round trip where the provider can.</summary>
    public void Execute(List<Statement> statements)
    {
        if (statements.Count > 1 && connection.CanCreateBatch)
        {
            ExecuteBatch(statements);
            return;
        }

        foreach (var statement in statements)
        {
            Execute(statement);
        }
    }

    /// <summary>Runs a statement; answers how many rows it changed.</summary>
    public int Execute(Statement statement) => Bind(statement).ExecuteNonQuery();

    /// <summary>The first column of the first row, or null.</summary>
    public object? Scalar(Statement statement) => Bind(statement).ExecuteScalar() is var value and not DBNull ? value : null;

    /// <summary>The statement with its parameters, kept.</summary>
    public DbCommand Bind(Statement statement)
    {
        var command = Get(statement.Sql, SetText);
        command.Parameters.Clear();
        Add(command.Parameters, statement);
        return command;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        _factory.Dispose();
        connection.Dispose();
    }

#pragma warning disable CA2100 // a statement of ours, its values are parameters
    private static void SetText(DbCommand command, string sql) => command.CommandText = sql;
#pragma warning restore CA2100

    private void Add(DbParameterCollection parameters, Statement statement)
    {
        foreach (var (name, value) in statement.Parameters)
        {
            var parameter = _factory.CreateParameter();
            parameter.ParameterName = name;
            if (value is DbType missing)
            {
                parameter.DbType = missing;
                parameter.Value = DBNull.Value;
            }
            else
            {
                parameter.Value = value;
            }

            parameters.Add(parameter);
        }
    }

    private void ExecuteBatch(List<Statement> statements)
    {
        using var batch = connection.CreateBatch();
        batch.Transaction = Transaction;
        foreach (var statement in statements)
        {
            var command = batch.CreateBatchCommand();
#pragma warning disable CA2100 // a statement of ours, its values are parameters
            command.CommandText = statement.Sql;
#pragma warning restore CA2100
            Add(command.Parameters, statement);
            batch.BatchCommands.Add(command);
        }

        batch.ExecuteNonQuery();
    }
}
