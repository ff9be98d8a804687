using System.Data.Common;
using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;

namespace Broker.Specs.Support.Databases;

/// <summary>PostgreSQL, with its default durability.</summary>
internal sealed class PostgreSqlServer : DatabaseServer
{
    private static readonly string[] Folders = Directory.Exists("/usr/lib/postgresql")
        ? [.. Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(folder => folder + "/bin")]
        : [];

    /// <summary>Fast shutdown.</summary>
    protected override PosixSignal StopSignal => PosixSignal.SIGINT;

    protected override DbConnection Connect() => new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");

    protected override string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={Port};Username=mqtt;Database={database};Timeout=5";

    protected override (string, string[]) Initialization() =>
        (Find("initdb", Folders), ["-D", DataDirectory, "-U", "mqtt", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);

    protected override (string, string[]) Service() =>
        (Find("postgres", Folders),
            ["-D", DataDirectory, "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-k", DataDirectory, "-c", "max_connections=300"]);
}
