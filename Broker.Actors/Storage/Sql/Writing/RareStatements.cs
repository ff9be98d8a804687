using System.Data;
using Broker.Actors.Storage.Encoding;
using Broker.Actors.Storage.Sql.Dialects;

namespace Broker.Actors.Storage.Sql.Writing;

/// <summary>The statements of writes that come rarely, one by one and in their order.</summary>
internal sealed class RareStatements(SqlDialect dialect, long node)
{
    private readonly ByteWriter _bytes = new();

    private readonly string _saveRetained =
        "INSERT INTO mqtt_retained (topic_hash, partition_number, version, topic, body) SELECT @hash, @partition, @version, @topic, @body"
        + dialect.FromNothing + " WHERE NOT EXISTS (SELECT 1 FROM mqtt_retained WHERE topic_hash = @hash)";

    // The earlier of the end of the session and the will's delay, where there is either.
    private readonly string _close =
        $"UPDATE mqtt_connection SET closed_at = {dialect.Now}, session_expiry = @expiry, "
        + "will = CASE WHEN @keep = 1 THEN will ELSE NULL END, will_delay = CASE WHEN @keep = 1 THEN will_delay ELSE NULL END, "
        + $"due_at = {ConnectionSql.DueAt(dialect, "@expiry", "CASE WHEN @keep = 1 THEN will_delay ELSE NULL END")} "
        + "WHERE client_hash = @hash AND connection_number = @number";

    /// <summary>Adds what the write takes.</summary>
    public void Add(List<Statement> statements, StoreWrite write)
    {
        switch (write)
        {
            case StoreWrite.Create create:
                Create(statements, create.Session);
                break;
            case StoreWrite.Discard discard:
                Discard(statements, discard.Session.Key);
                break;
            case StoreWrite.AddRoute route:
                RemoveRoute(statements, route.Session.Key, route.Filter);
                AddRoute(statements, route);
                break;
            case StoreWrite.RemoveRoute route:
                RemoveRoute(statements, route.Session.Key, route.Filter);
                break;
            case StoreWrite.SaveRetained retained:
                SaveRetained(statements, retained);
                break;
            case StoreWrite.PurgeTombstones purge:
                statements.Add(new Statement(
                    "DELETE FROM mqtt_retained WHERE partition_number = @partition AND version <= @version AND body IS NULL",
                    ("@partition", (long)purge.Partition),
                    ("@version", purge.Version)));
                break;
            case StoreWrite.OpenConnection open:
                Open(statements, open);
                break;
            case StoreWrite.CloseConnection close:
                statements.Add(new Statement(
                    _close,
                    ("@expiry", (long)close.SessionExpiry),
                    ("@keep", close.KeepWill ? 1L : 0L),
                    ("@hash", TextHash.Of(close.ClientId)),
                    ("@number", close.Number)));
                break;
            case StoreWrite.ForgetConnection forget:
                statements.Add(new Statement(
                    "DELETE FROM mqtt_connection WHERE client_hash = @hash AND connection_number = @number",
                    ("@hash", TextHash.Of(forget.ClientId)),
                    ("@number", forget.Number)));
                break;
            default:
                // A barrier: it only waits for its turn.
                break;
        }
    }

    private static void Create(List<Statement> statements, SessionHandle session)
    {
        statements.Add(new Statement(
            "INSERT INTO mqtt_session (session_key, client_hash, client_id) VALUES (@session, @hash, @client)",
            ("@session", session.Key),
            ("@hash", TextHash.Of(session.ClientId)),
            ("@client", session.ClientId)));
        statements.Add(new Statement(
            "INSERT INTO mqtt_handshake (session_key, read_position, last_number) VALUES (@session, 0, 0)", ("@session", session.Key)));
    }

    private static void Discard(List<Statement> statements, long session)
    {
        statements.Add(new Statement("DELETE FROM mqtt_session WHERE session_key = @session", ("@session", session)));
        statements.Add(new Statement("DELETE FROM mqtt_handshake WHERE session_key = @session", ("@session", session)));
        statements.Add(new Statement("DELETE FROM mqtt_route WHERE session_key = @session", ("@session", session)));
        statements.Add(new Statement("INSERT INTO mqtt_ended (session_key) VALUES (@session)", ("@session", session)));
    }

    private static void RemoveRoute(List<Statement> statements, long session, string filter) => statements.Add(new Statement(
        "DELETE FROM mqtt_route WHERE session_key = @session AND filter_hash = @hash", ("@session", session), ("@hash", TextHash.Of(filter))));

    private static void AddRoute(List<Statement> statements, StoreWrite.AddRoute route) => statements.Add(new Statement(
        "INSERT INTO mqtt_route (session_key, filter_hash, filter, options, subscription_id) VALUES (@session, @hash, @filter, @options, @id)",
        ("@session", route.Session.Key),
        ("@hash", TextHash.Of(route.Filter)),
        ("@filter", route.Filter),
        ("@options", RouteOptions.Of(route.Options)),
        ("@id", (long)route.Options.SubscriptionIdentifier)));

    private void SaveRetained(List<Statement> statements, StoreWrite.SaveRetained write)
    {
        var hash = TextHash.Of(write.Publication.Topic);
        statements.Add(new Statement(
            "DELETE FROM mqtt_retained WHERE topic_hash = @hash AND version < @version", ("@hash", hash), ("@version", write.Version)));
        statements.Add(new Statement(
            _saveRetained,
            ("@hash", hash),
            ("@partition", (long)write.Partition),
            ("@version", write.Version),
            ("@topic", write.Publication.Topic),
            ("@body", write.Publication.Payload.IsEmpty ? DbType.Binary : MessageCodec.Encode(_bytes, write.Publication))));
    }

    private void Open(List<Statement> statements, StoreWrite.OpenConnection write)
    {
        var hash = TextHash.Of(write.ClientId);
        statements.Add(new Statement("DELETE FROM mqtt_connection WHERE client_hash = @hash", ("@hash", hash)));
        statements.Add(new Statement(
            "INSERT INTO mqtt_connection (client_hash, client_id, connection_number, node_key, session_expiry, will_delay, will) "
            + "VALUES (@hash, @client, @number, @node, @expiry, @delay, @will)",
            ("@hash", hash),
            ("@client", write.ClientId),
            ("@number", write.Number),
            ("@node", node),
            ("@expiry", (long)write.SessionExpiry),
            ("@delay", Statement.OrMissing((long?)write.Will?.DelayInterval)),
            ("@will", Statement.OrMissing(write.Will is { } will ? WillCodec.Encode(will, write.WillAuthor) : null))));
    }
}
