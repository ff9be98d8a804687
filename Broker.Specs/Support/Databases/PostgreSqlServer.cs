using System.Data.Common;
using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;

namespace Broker.Specs.Support.Databases;

/// <summary>PostgreSQL, with its default durability.</summary>
/// <param name="alsoOn">A second IPv4 address that it listens on, for everybody in the same /24; null: 127.0.0.1 alone.</param>
internal sealed class PostgreSqlServer(string? alsoOn = null) : DatabaseServer
{
    private static readonly string[] Folders = Directory.Exists("/usr/lib/postgresql")
        ? [.. Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(folder => folder + "/bin")]
        : [];

    /// <summary>Fast shutdown.</summary>
    protected override PosixSignal StopSignal => PosixSignal.SIGINT;

    /// <summary>A new, empty database that this user needs a password for; answers the connection string without either.</summary>
    public async Task<string> CreateDatabaseWithPasswordAsync(string user, string password)
    {
        await ExecuteAsync($"CREATE ROLE {user} LOGIN PASSWORD '{password}'");
        await ExecuteAsync($"COPY (VALUES ('host all {user} 127.0.0.1/32 scram-sha-256'), ('host all all 127.0.0.1/32 trust')) TO '{DataDirectory}/pg_hba.conf'");
        await ExecuteAsync("SELECT pg_reload_conf()");
        return await CreateDatabaseAsync();
    }

    /// <summary>A new, empty database whose tables are in a folder of their own; the log of the server is where it always is.</summary>
    public async Task<string> CreateDatabaseInAsync(string folder)
    {
        await GiveAsync(folder);
        var name = NameOf(folder);
        await ExecuteAsync($"CREATE TABLESPACE {name} LOCATION '{folder}'");
        await ExecuteAsync($"CREATE DATABASE {name} TABLESPACE {name}");
        return ConnectionString(name);
    }

    /// <summary>Removes what <see cref="CreateDatabaseInAsync"/> made.</summary>
    public async Task DropDatabaseInAsync(string folder)
    {
        var name = NameOf(folder);
        await ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
        await ExecuteAsync($"DROP TABLESPACE {name}");
    }

    /// <summary>A new, empty database whose clock is this interval ahead of the machine's.</summary>
    public async Task<string> CreateDatabaseAheadAsync(string interval)
    {
        var connectionString = await CreateDatabaseAsync();
        await using var database = new NpgsqlConnection(connectionString + ";Pooling=false");
        await database.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"""
            CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT pg_catalog.clock_timestamp() + interval '{interval}' $$;
            ALTER DATABASE {database.Database} SET search_path = public, pg_catalog
            """,
            database);
        await command.ExecuteNonQueryAsync();
        return connectionString;
    }

    /// <summary>What docs/operations.md has for a backup: of one moment, while nodes use the database.</summary>
    public Task DumpAsync(string connectionString) =>
        RunAsync(Find("pg_dump", Folders), ["--format=custom", $"--file={DumpFile}", .. Login(new NpgsqlConnectionStringBuilder(connectionString).Database!)]);

    /// <summary>What it has for putting the last one into a new database; answers the connection string.</summary>
    public async Task<string> RestoreDumpAsync()
    {
        var connectionString = await CreateDatabaseAsync();
        await RunAsync(Find("pg_restore", Folders), ["--exit-on-error", "--no-owner", .. Login(new NpgsqlConnectionStringBuilder(connectionString).Database!), DumpFile]);
        File.Delete(DumpFile);
        return connectionString;
    }

    protected override DbConnection Connect() => new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");

    protected override string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={Port};Username=mqtt;Database={database};Timeout=5";

    protected override (string, string[]) Initialization() =>
        (Find("initdb", Folders), ["-D", DataDirectory, "-U", "mqtt", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);

    protected override void Initialized()
    {
        if (alsoOn is not null)
        {
            File.AppendAllText(Path.Combine(DataDirectory, "pg_hba.conf"), $"host all all {alsoOn}/24 trust\n");
        }
    }

    protected override (string, string[]) Service() =>
        (Find("postgres", Folders),
            ["-D", DataDirectory, "-h", alsoOn is null ? "127.0.0.1" : $"127.0.0.1,{alsoOn}", "-p", Port.ToString(CultureInfo.InvariantCulture), "-k", DataDirectory, "-c", "max_connections=300"]);

    private string DumpFile => DataDirectory + ".dump";

    private string[] Login(string database) => ["--host=127.0.0.1", $"--port={Port}", "--username=mqtt", $"--dbname={database}"];

    private static string NameOf(string folder) => "in_" + string.Concat(Path.GetFileName(folder).Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
