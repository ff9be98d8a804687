namespace Broker.Actors.Storage.Sql.Schema;

/// <summary>
/// The schema, step by step: a database is brought from any earlier version to the latest by those that it lacks. What has been released is never changed.
/// </summary>
internal static class Migrations
{
    /// <summary>Statements by version, 1 first. In braces: the types and options of the database in use.</summary>
    public static IReadOnlyList<string[]> All { get; } = [Sessions, Nodes, Cluster, Primary, Journal];

    /// <summary>The version that makes the tables of Akka.Persistence, <see cref="JournalTables"/>, where the database holds them too and makes tables in transactions.</summary>
    public const int JournalVersion = 5;

    /// <summary>What this program knows.</summary>
    public static int Latest => All.Count;

    private static string[] Sessions =>
    [
        """
        CREATE TABLE mqtt_session (
            session_key {number} NOT NULL PRIMARY KEY,
            client_hash {hash} NOT NULL UNIQUE,
            client_id {text} NOT NULL)
        """,
        """
        CREATE TABLE mqtt_handshake (
            session_key {number} NOT NULL PRIMARY KEY,
            read_position {number} NOT NULL,
            last_number {number} NOT NULL,
            outbound {bytes} NULL,
            inbound {bytes} NULL){updated}
        """,
        """
        CREATE TABLE mqtt_queue (
            session_key {number} NOT NULL,
            position {number} NOT NULL,
            kind {number} NOT NULL,
            size {number} NOT NULL,
            expires_at {number} NULL,
            message_key {number} NULL,
            subscriptions {bytes} NULL,
            body {bytes} NULL,
            PRIMARY KEY (session_key, position))
        """,
        "CREATE INDEX mqtt_queue_message ON mqtt_queue (message_key) {where} message_key IS NOT NULL{end}",
        "CREATE INDEX mqtt_queue_expiry ON mqtt_queue (expires_at) {where} expires_at IS NOT NULL{end}",
        "CREATE TABLE mqtt_message (message_key {number} NOT NULL PRIMARY KEY, body {bytes} NOT NULL)",
        """
        CREATE TABLE mqtt_received (
            session_key {number} NOT NULL,
            origin {number} NOT NULL,
            number {number} NOT NULL,
            PRIMARY KEY (session_key, origin, number)){narrow}
        """,
        """
        CREATE TABLE mqtt_route (
            session_key {number} NOT NULL,
            filter_hash {hash} NOT NULL,
            filter {text} NOT NULL,
            options {number} NOT NULL,
            subscription_id {number} NOT NULL,
            PRIMARY KEY (session_key, filter_hash)){narrow}
        """,
        "CREATE TABLE mqtt_ended (session_key {number} NOT NULL PRIMARY KEY)",
        """
        CREATE TABLE mqtt_retained (
            topic_hash {hash} NOT NULL PRIMARY KEY,
            partition_number {number} NOT NULL,
            version {number} NOT NULL,
            topic {text} NOT NULL,
            body {bytes} NULL)
        """,
        "CREATE INDEX mqtt_retained_version ON mqtt_retained (partition_number, version)",
    ];

    private static string[] Nodes =>
    [
        """
        CREATE TABLE mqtt_node (
            node_key {number} NOT NULL PRIMARY KEY,
            address {text} NOT NULL,
            incarnation {text} NOT NULL,
            renewed_at {number} NOT NULL,
            revoked {number} NOT NULL){updated}
        """,

        // Apart from the node's row, so that a renewal does not wait for a group that holds this one.
        """
        CREATE TABLE mqtt_fence (
            node_key {number} NOT NULL PRIMARY KEY,
            revoked {number} NOT NULL,
            last_group {number} NOT NULL){updated}
        """,
        """
        CREATE TABLE mqtt_connection (
            client_hash {hash} NOT NULL PRIMARY KEY,
            client_id {text} NOT NULL,
            connection_number {number} NOT NULL,
            node_key {number} NOT NULL,
            session_expiry {number} NOT NULL,
            will_delay {number} NULL,
            will {bytes} NULL,
            closed_at {number} NULL,
            due_at {number} NULL){updated}
        """,
        "CREATE INDEX mqtt_connection_node ON mqtt_connection (node_key)",
        "CREATE INDEX mqtt_connection_due ON mqtt_connection (due_at) {where} due_at IS NOT NULL{end}",
    ];

    private static string[] Cluster =>
    [
        "ALTER TABLE mqtt_node ADD uid {number} DEFAULT 0 NOT NULL",
        "ALTER TABLE mqtt_node ADD is_member {number} DEFAULT 0 NOT NULL",
        """
        CREATE TABLE mqtt_lease (
            lease_hash {hash} NOT NULL PRIMARY KEY,
            name {text} NOT NULL,
            owner_key {number} NULL,
            term {number} NOT NULL,
            held_until {number} NOT NULL){updated}
        """,
    ];

    // See JournalVersion.
    private static string[] Journal => [];

    private static string[] Primary =>
    [
        """
        CREATE TABLE mqtt_primary (
            primary_key {number} NOT NULL PRIMARY KEY,
            term {number} NOT NULL,
            node_key {number} NOT NULL,
            since {number} NOT NULL){updated}
        """,
    ];
}
