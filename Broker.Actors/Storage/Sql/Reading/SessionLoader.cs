using System.Data.Common;
using System.Globalization;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Actors.Storage.Encoding;
using Broker.Actors.Storage.Sql.Dialects;
using Broker.Actors.Storage.Sql.Writing;
using LinqToDB.Data;

namespace Broker.Actors.Storage.Sql.Reading;

/// <summary>
/// Reads a client's connection and session, and where there is one its routes and the extent of its queue: a round trip, and another one for the session. By statements whose text
/// never changes and without a mapper, since after a node's end all its sessions are loaded at once, and in a cluster each client that connects is looked for.
/// </summary>
internal sealed class SessionLoader(SqlDialect dialect, QueueReader queues)
{
    private const string Extent = """
        SELECT COUNT(*), SUM(size), MAX(position) FROM mqtt_queue WHERE session_key = @session AND position > @after;
        SELECT filter, options, subscription_id FROM mqtt_route WHERE session_key = @session;
        SELECT origin, number FROM mqtt_received WHERE session_key = @session ORDER BY origin, number
        """;

    private readonly string _client = $"""
        SELECT client_id, connection_number, node_key, session_expiry, will, closed_at, {dialect.Now} FROM mqtt_connection WHERE client_hash = @hash;
        SELECT s.session_key, h.read_position, h.last_number, h.outbound, h.inbound
        FROM mqtt_session s LEFT JOIN mqtt_handshake h ON h.session_key = s.session_key WHERE s.client_hash = @hash
        """;

    /// <summary>What there is of a client id.</summary>
    public async Task<StoredClient> LoadAsync(CommandCache commands, string clientId, CancellationToken cancellation)
    {
        var (connection, session) = await ClientAsync(commands, clientId, cancellation).ConfigureAwait(false);
        return new StoredClient(session is null ? null : await SessionAsync(commands, session, cancellation).ConfigureAwait(false), connection);
    }

    private async Task<(StoredConnection? Connection, SessionHandle? Session)> ClientAsync(CommandCache commands, string clientId, CancellationToken cancellation)
    {
        var reader = await commands.Bind(new Statement(_client, ("@hash", TextHash.Of(clientId)))).ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        var connection = await reader.ReadAsync(cancellation).ConfigureAwait(false) ? Connection(reader) : null;
        await NextAsync(reader, cancellation).ConfigureAwait(false);
        return (connection, await reader.ReadAsync(cancellation).ConfigureAwait(false) ? Handle(reader, clientId) : null);
    }

    private async Task<StoredSession> SessionAsync(CommandCache commands, SessionHandle session, CancellationToken cancellation)
    {
        var image = session.Image;
        var statement = new Statement(Extent, ("@session", session.Key), ("@after", image.ReadPosition));
        var reader = await commands.Bind(statement).ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        await reader.ReadAsync(cancellation).ConfigureAwait(false);
        var (count, bytes, last) = (Number(reader, 0), Number(reader, 1), Number(reader, 2));
        return new StoredSession
        {
            Session = session,
            Routes = await RoutesAsync(reader, session.Key, session.ClientId, cancellation).ConfigureAwait(false),
            Received = await ReceivedAsync(reader, cancellation).ConfigureAwait(false),
            ReadPosition = image.ReadPosition,
            LastPosition = Math.Max(image.ReadPosition, last),
            QueuedMessages = count,
            QueuedBytes = bytes,
            Inflight = image.Window.Length == 0 ? [] : await InflightAsync(session, cancellation).ConfigureAwait(false),
            Inbound = [.. image.Inbound
                .Select(step => new StoredInbound(step.Key, step.Value.Number, step.Value.IsRouted, step.Value.Picks))
                .OrderBy(step => step.Number)],
            LastNumber = image.LastNumber,
        };
    }

    private static StoredConnection Connection(DbDataReader row) => SqlConnectionStore.Decode(new ConnectionRow
    {
        ClientId = row.GetString(0),
        Number = row.GetInt64(1),
        Node = row.GetInt64(2),
        SessionExpiry = row.GetInt64(3),
        Will = Bytes(row, 4),
        ClosedAt = row.IsDBNull(5) ? null : row.GetInt64(5),
        Now = row.GetInt64(6),
    });

    private static SessionHandle Handle(DbDataReader row, string clientId)
    {
        var key = row.GetInt64(0);
        if (row.IsDBNull(1))
        {
            throw new CorruptRowException($"mqtt_handshake has no row for session_key {key} (client id '{clientId}'). Delete its row in mqtt_session.");
        }

        var image = new HandshakeImage { ReadPosition = row.GetInt64(1), LastNumber = row.GetInt64(2) };
        var (outbound, inbound) = (Bytes(row, 3), Bytes(row, 4));
        return Guard.Decode($"mqtt_handshake, session_key {key} (client id '{clientId}')", () =>
        {
            HandshakeCodec.DecodeOutbound(outbound, image);
            HandshakeCodec.DecodeInbound(inbound, image);
            return new SessionHandle(key, clientId, image);
        });
    }

    private static async Task<List<StoredRoute>> RoutesAsync(DbDataReader reader, long key, string clientId, CancellationToken cancellation)
    {
        await NextAsync(reader, cancellation).ConfigureAwait(false);
        var routes = new List<StoredRoute>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            routes.Add(new StoredRoute(key, clientId, reader.GetString(0), RouteOptions.Read(reader.GetInt64(1), reader.GetInt64(2))));
        }

        return routes;
    }

    private static async Task<List<MessageId>> ReceivedAsync(DbDataReader reader, CancellationToken cancellation)
    {
        await NextAsync(reader, cancellation).ConfigureAwait(false);
        var received = new List<MessageId>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            received.Add(new MessageId(reader.GetInt64(0), reader.GetInt64(1)));
        }

        return received;
    }

    private static async Task NextAsync(DbDataReader reader, CancellationToken cancellation) =>
        await reader.NextResultAsync(cancellation).ConfigureAwait(false);

    // Databases differ in the types of counts and sums; there is none of nothing.
    private static long Number(DbDataReader row, int column) =>
        row.IsDBNull(column) ? 0 : Convert.ToInt64(row.GetValue(column), CultureInfo.InvariantCulture);

    private static byte[]? Bytes(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    private async Task<IReadOnlyList<StoredInflight>> InflightAsync(SessionHandle session, CancellationToken cancellation)
    {
        var steps = session.Image.Window.ToArray();
        await using var db = new DataConnection(dialect.Options);
        var page = await queues.ReadAsync(
            db, session, steps[0].Position - 1, steps[^1].Position, int.MaxValue - 1, long.MaxValue, cancellation).ConfigureAwait(false);
        var messages = page.Messages.ToDictionary(message => message.Position);
        var result = new List<StoredInflight>(steps.Length);
        foreach (var step in steps)
        {
            var isNeeded = step.State != InflightState.AwaitingPubComp;
            if (!messages.TryGetValue(step.Position, out var message) && isNeeded)
            {
                throw new CorruptRowException(
                    $"mqtt_queue has no row with session_key {session.Key} (client id '{session.ClientId}') and position {step.Position}, which is in flight.");
            }

            result.Add(new StoredInflight(step.Position, step.PacketId, step.State, isNeeded ? message : null));
        }

        return result;
    }
}
