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
/// Reads a session's handshakes, its routes and the extent of its queue: one round trip, by statements whose text never changes and without a mapper, since
/// after a node's end all its sessions are loaded at once.
/// </summary>
internal sealed class SessionLoader(SqlDialect dialect, QueueReader queues)
{
    private const string Load = """
        SELECT s.session_key, h.read_position, h.last_number, h.outbound, h.inbound
        FROM mqtt_session s LEFT JOIN mqtt_handshake h ON h.session_key = s.session_key WHERE s.client_hash = @hash;
        SELECT COUNT(*), SUM(q.size), MAX(q.position) FROM mqtt_session s JOIN mqtt_handshake h ON h.session_key = s.session_key
        JOIN mqtt_queue q ON q.session_key = s.session_key AND q.position > h.read_position WHERE s.client_hash = @hash;
        SELECT r.filter, r.options, r.subscription_id
        FROM mqtt_session s JOIN mqtt_route r ON r.session_key = s.session_key WHERE s.client_hash = @hash;
        SELECT r.origin, r.number
        FROM mqtt_session s JOIN mqtt_received r ON r.session_key = s.session_key WHERE s.client_hash = @hash ORDER BY r.origin, r.number
        """;

    /// <summary>Null: the client id has no session.</summary>
    public async Task<StoredSession?> LoadAsync(CommandCache commands, string clientId, CancellationToken cancellation)
    {
        var reader = await commands.Bind(new Statement(Load, ("@hash", TextHash.Of(clientId)))).ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            return null;
        }

        var handle = Handle(reader, clientId);
        await NextAsync(reader, cancellation).ConfigureAwait(false);
        await reader.ReadAsync(cancellation).ConfigureAwait(false);
        var (count, bytes, last) = (Number(reader, 0), Number(reader, 1), Number(reader, 2));
        var routes = await RoutesAsync(reader, handle.Key, clientId, cancellation).ConfigureAwait(false);
        var received = await ReceivedAsync(reader, cancellation).ConfigureAwait(false);
        return new StoredSession
        {
            Session = handle,
            Routes = routes,
            ReadPosition = handle.Image.ReadPosition,
            LastPosition = Math.Max(handle.Image.ReadPosition, last),
            QueuedMessages = count,
            QueuedBytes = bytes,
            Inflight = handle.Image.Window.Length == 0 ? [] : await InflightAsync(handle, cancellation).ConfigureAwait(false),
            Inbound = [.. handle.Image.Inbound
                .Select(step => new StoredInbound(step.Key, step.Value.Number, step.Value.IsRouted, step.Value.Picks))
                .OrderBy(step => step.Number)],
            LastNumber = handle.Image.LastNumber,
            Received = received,
        };
    }

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
