using System.Data.Common;
using Broker.Actors.Storage.Sql.Writing;
using LinqToDB;

namespace Broker.Actors.Storage.Sql.Dialects;

/// <summary>What differs between the databases. Everything else is written once.</summary>
internal abstract class SqlDialect
{
    /// <summary>As people call it.</summary>
    public abstract string Name { get; }

    /// <summary>How linq2db opens a connection.</summary>
    public abstract DataOptions Options { get; }

    /// <summary>Whether other nodes may use the same database, so that groups are fenced.</summary>
    public virtual bool IsShared => true;

    /// <summary>Writes in one group; more are slower.</summary>
    public virtual int GroupWrites => 2_000;

    /// <summary>Bytes in one group, one write more or less.</summary>
    public virtual int GroupBytes => 4 * 1024 * 1024;

    /// <summary>Reads of sessions and queues at the same time, each with a connection of its own.</summary>
    public virtual int Readers => 16;

    /// <summary>The database's clock as an expression: milliseconds since 1970 UTC.</summary>
    public abstract string Now { get; }

    /// <summary>
    /// Sent once on the writer's connection, or empty: has the database end the transaction of a node that stands still in the midst of it, whose fence
    /// nobody could revoke before.
    /// </summary>
    public virtual string WriterSetup => "";

    /// <summary>What follows the columns of a select without a table, where it has a condition.</summary>
    public virtual string FromNothing => "";

    /// <summary>Limits a select to a number of rows.</summary>
    public virtual string Limit(int rows) => $" LIMIT {rows}";

    /// <summary>Limits a select to a number of rows that is a parameter.</summary>
    public virtual string LimitParameter(string name) => $" LIMIT {name}";

    /// <summary>Puts this database's types into a statement that makes a table or an index.</summary>
    public abstract string Define(string template);

    /// <summary>The statement for a table that may be there already.</summary>
    public virtual string DefineMissing(string table, string columns) => Define($"CREATE TABLE IF NOT EXISTS {table} ({columns})");

    /// <summary>Whether a migration that fails on its way leaves nothing behind.</summary>
    public virtual bool HasTransactionalDefinitions => true;

    /// <summary>A migration that was interrupted has come this far before.</summary>
    public virtual bool IsDefinedAlready(DbException problem) => false;

    /// <summary>The write itself is refused, whatever the state of the database: to try again would not help.</summary>
    public abstract bool IsRefusal(DbException problem);

    /// <summary>The server is there and does not let this user in.</summary>
    public virtual bool IsRefusedLogin(DbException problem) => false;

    /// <summary>Writes the rows, by one statement where the database has a cheap one.</summary>
    public abstract void Execute(CommandCache commands, RowSet rows);

    /// <summary>Work that keeps the database small when nothing else is to be done; true: there is more.</summary>
    public virtual bool Shrink(CommandCache commands) => false;

    /// <summary>Called once, after the last write.</summary>
    public virtual void Close(CommandCache commands)
    {
    }
}
