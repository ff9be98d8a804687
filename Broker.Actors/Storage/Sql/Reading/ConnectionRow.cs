using LinqToDB.Mapping;

namespace Broker.Actors.Storage.Sql.Reading;

/// <summary>A connection on which something hangs, and the time by the database's clock when it was read.</summary>
[Table("mqtt_connection")]
internal sealed class ConnectionRow
{
    [Column("client_hash"), NotNull]
    public byte[] ClientHash { get; set; } = [];

    [Column("client_id"), NotNull]
    public string ClientId { get; set; } = "";

    [Column("connection_number")]
    public long Number { get; set; }

    [Column("node_key")]
    public long Node { get; set; }

    [Column("session_expiry")]
    public long SessionExpiry { get; set; }

    [Column("will"), Nullable]
    public byte[]? Will { get; set; }

    [Column("closed_at"), Nullable]
    public long? ClosedAt { get; set; }

    [Column("due_at"), Nullable]
    public long? DueAt { get; set; }

    [Column("now_at")]
    public long Now { get; set; }
}
