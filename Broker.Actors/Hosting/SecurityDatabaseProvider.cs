namespace Broker.Actors.Hosting;

/// <summary>Where users or rules are read from.</summary>
public enum SecurityDatabaseProvider
{
    /// <summary>The database of <c>mqtt.storage</c>.</summary>
    Same,

    /// <summary>A file of SQLite.</summary>
    Sqlite,

    /// <summary>PostgreSQL.</summary>
    PostgreSql,

    /// <summary>SQL Server and Azure SQL.</summary>
    SqlServer,

    /// <summary>MySQL and MariaDB.</summary>
    MySql,
}
