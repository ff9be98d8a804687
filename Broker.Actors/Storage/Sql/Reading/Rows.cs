using LinqToDB.Mapping;

namespace Broker.Actors.Storage.Sql.Reading;

/// <summary>A durable session.</summary>
[Table("mqtt_session")]
internal sealed class SessionRow
{
    [Column("session_key"), PrimaryKey]
    public long Key { get; set; }

    [Column("client_hash"), NotNull]
    public byte[] ClientHash { get; set; } = [];

    [Column("client_id"), NotNull]
    public string ClientId { get; set; } = "";
}

/// <summary>A queued message of a session.</summary>
[Table("mqtt_queue")]
internal sealed class QueueRow
{
    [Column("session_key")]
    public long Session { get; set; }

    [Column("position")]
    public long Position { get; set; }

    [Column("kind")]
    public long Kind { get; set; }

    [Column("size")]
    public long Size { get; set; }

    [Column("message_key"), Nullable]
    public long? MessageKey { get; set; }

    [Column("subscriptions"), Nullable]
    public byte[]? Subscriptions { get; set; }

    [Column("body"), Nullable]
    public byte[]? Body { get; set; }
}

/// <summary>A subscription of a durable session.</summary>
[Table("mqtt_route")]
internal sealed class RouteRow
{
    [Column("session_key")]
    public long Session { get; set; }

    [Column("filter"), NotNull]
    public string Filter { get; set; } = "";

    [Column("options")]
    public long Options { get; set; }

    [Column("subscription_id")]
    public long SubscriptionId { get; set; }
}

/// <summary>A retained message, or a tombstone.</summary>
[Table("mqtt_retained")]
internal sealed class RetainedRow
{
    [Column("partition_number")]
    public long Partition { get; set; }

    [Column("version")]
    public long Version { get; set; }

    [Column("topic"), NotNull]
    public string Topic { get; set; } = "";

    [Column("body"), Nullable]
    public byte[]? Body { get; set; }
}
