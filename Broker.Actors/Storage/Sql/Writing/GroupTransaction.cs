using System.Data;
using System.Data.Common;
using Broker.Actors.Storage.Sql.Dialects;
using LinqToDB.Data;

namespace Broker.Actors.Storage.Sql.Writing;

/// <summary>
/// The writer's transactions: on one connection of its own, each fenced by this node's row in the registry, and none of them made twice although its commit
/// was not answered. The writer's thread only.
/// </summary>
internal sealed class GroupTransaction(SqlDialect dialect, long node) : IDisposable
{
    private const string Fence = "UPDATE mqtt_fence SET last_group = @group WHERE node_key = @node AND revoked = 0";
    private const string Wait = "UPDATE mqtt_fence SET last_group = last_group WHERE node_key = @node";
    private const string LastGroup = "SELECT last_group FROM mqtt_fence WHERE node_key = @node";

    private DataConnection? _db;
    private CommandCache? _commands;
    private long _number;
    private long _inDoubt;

    /// <summary>Commits what <paramref name="action"/> does.</summary>
    /// <param name="action">Called within a transaction.</param>
    /// <param name="isRepeated">The call before this one was for the same and failed: perhaps only the answer was lost.</param>
    /// <exception cref="RevokedException">This node may not commit any more.</exception>
    public void Run(Action<CommandCache> action, bool isRepeated = false)
    {
        try
        {
            var commands = Open();
            using var transaction = commands.Connection.BeginTransaction(IsolationLevel.ReadCommitted);
            commands.Transaction = transaction;
            if (isRepeated && _inDoubt != 0 && IsCommitted(commands, _inDoubt))
            {
                _inDoubt = 0;
                return;
            }

            _inDoubt = 0;
            _number++;
            EnterFence(commands);
            action(commands);
            _inDoubt = dialect.IsShared ? _number : 0;
            transaction.Commit();
            _inDoubt = 0;
        }
        catch (Exception problem)
        {
            if (!IsRefusal(problem))
            {
                // Whatever is wrong with the connection ends with it.
                Drop();
            }

            throw;
        }
        finally
        {
            if (_commands is not null)
            {
                _commands.Transaction = null;
            }
        }
    }

    /// <summary>Runs what needs no transaction, on the same connection.</summary>
    public T Apart<T>(Func<CommandCache, T> action)
    {
        try
        {
            return action(Open());
        }
        catch (Exception)
        {
            Drop();
            throw;
        }
    }

    /// <summary>Whether only what was written is wrong.</summary>
    public bool IsRefusal(Exception problem) => problem is DbException database && dialect.IsRefusal(database);

    /// <summary>After the last group.</summary>
    public void Dispose()
    {
        if (_commands is not null)
        {
            try
            {
                dialect.Close(_commands);
            }
            catch (DbException)
            {
                // The database is away; there is nothing to tidy up in it.
            }
        }

        Drop();
    }

    private CommandCache Open()
    {
        if (_commands is null)
        {
            _db = new DataConnection(dialect.Options);
            _commands = new CommandCache(_db.OpenDbConnection());
            if (dialect.WriterSetup.Length > 0)
            {
                _commands.Execute(new Statement(dialect.WriterSetup));
            }
        }

        return _commands;
    }

    private void Drop()
    {
        _commands?.Dispose();
        _commands = null;
        _db?.Dispose();
        _db = null;
    }

    /// <summary>Waits for the lost transaction, which the server may still be about to commit.</summary>
    private bool IsCommitted(CommandCache commands, long number)
    {
        commands.Execute(new Statement(Wait, ("@node", node)));
        return Convert.ToInt64(commands.Scalar(new Statement(LastGroup, ("@node", node))) ?? -1L, null) == number;
    }

    private void EnterFence(CommandCache commands)
    {
        if (dialect.IsShared && commands.Execute(new Statement(Fence, ("@group", _number), ("@node", node))) == 0)
        {
            throw new RevokedException(node);
        }
    }
}
