namespace Broker.Actors.Hosting;

/// <summary>The kinds of database.</summary>
public enum StorageProvider
{
    /// <summary>Embedded, one node only.</summary>
    Sqlite,

    /// <summary>PostgreSQL.</summary>
    PostgreSql,

    /// <summary>SQL Server and Azure SQL.</summary>
    SqlServer,

    /// <summary>MySQL and MariaDB.</summary>
    MySql,
}

/// <summary><c>mqtt.storage</c>.</summary>
public sealed record StorageOptions
{
    /// <summary>Which database.</summary>
    public StorageProvider Provider { get; init; } = StorageProvider.Sqlite;

    /// <summary>In the provider's own form; empty: a file in the data directory (SQLite only).</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>Where an access token is got that takes the place of a password (PostgreSQL only); empty: nowhere.</summary>
    public string AccessTokenAddress { get; init; } = "";

    /// <summary>How long the database may be away before the node says that it is not ready.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes that may wait for the database on this node; publishers that bring more are not read from until half of it is committed.</summary>
    public long MaxBacklog { get; init; } = 64L * 1024 * 1024;

    /// <summary>Bytes that are to stay free on the disk of an embedded database: publishers that bring what must be stored are not read from where there are fewer. 0: all may be used.</summary>
    public long MinFreeSpace { get; init; } = 256L * 1024 * 1024;
}
