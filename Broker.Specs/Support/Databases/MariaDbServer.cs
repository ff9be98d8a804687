using System.Data.Common;
using System.Runtime.InteropServices;
using MySqlConnector;

namespace Broker.Specs.Support.Databases;

/// <summary>MariaDB, with its default durability.</summary>
internal sealed class MariaDbServer : DatabaseServer
{
    protected override PosixSignal StopSignal => PosixSignal.SIGTERM;

    protected override DbConnection Connect() => new MySqlConnection(ConnectionString("mysql") + ";Pooling=false");

    protected override string ConnectionString(string database) =>
        $"Server=127.0.0.1;Port={Port};User ID=root;Database={database};Connection Timeout=5";

    protected override (string, string[]) Initialization() =>
        (Find("mariadb-install-db"), ["--no-defaults", $"--datadir={DataDirectory}", "--auth-root-authentication-method=normal", "--skip-test-db"]);

    protected override (string, string[]) Service() =>
        (Find("mariadbd", "/usr/sbin"),
            [
                "--no-defaults", $"--datadir={DataDirectory}", $"--port={Port}", "--bind-address=127.0.0.1", $"--socket={DataDirectory}/socket",
                $"--pid-file={DataDirectory}/pid", "--skip-name-resolve", "--innodb-buffer-pool-size=64M",
            ]);
}
