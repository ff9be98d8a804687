using Broker.Actors.Storage.Sql.Dialects;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Broker.Specs.Actors.Storage;

/// <summary>Which errors are the write's fault, which fails, and which the database's state, so that the write waits.</summary>
public class RefusalSpecs
{
    [Theory]
    [InlineData(19, true, "a constraint")]
    [InlineData(18, true, "too big")]
    [InlineData(13, false, "the disk is full")]
    [InlineData(10, false, "the disk cannot be written")]
    [InlineData(8, false, "read-only")]
    [InlineData(5, false, "busy")]
    public void SQLite(int code, bool isRefusal, string meaning) =>
        new SqliteDialect("Data Source=unused").IsRefusal(new SqliteException(meaning, code)).Should().Be(isRefusal, meaning);

    [Theory]
    [InlineData(PostgresErrorCodes.UniqueViolation, true)]
    [InlineData(PostgresErrorCodes.StringDataRightTruncation, true)]
    [InlineData(PostgresErrorCodes.DiskFull, false)]
    [InlineData(PostgresErrorCodes.TooManyConnections, false)]
    [InlineData(PostgresErrorCodes.ReadOnlySqlTransaction, false)]
    [InlineData(PostgresErrorCodes.AdminShutdown, false)]
    [InlineData(PostgresErrorCodes.InvalidPassword, false)]
    public void PostgreSQL(string state, bool isRefusal) =>
        new PostgreSqlDialect("Host=unused").IsRefusal(new PostgresException("text", "ERROR", "ERROR", state)).Should().Be(isRefusal);
}
