using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Actors.Storage.Encoding;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace Broker.Actors.Storage.Sql.Reading;

/// <summary>Reads a session's handshakes and the extent of its queue.</summary>
internal sealed class SessionLoader(QueueReader queues)
{
    /// <summary>Null: the client id has no session.</summary>
    public async Task<StoredSession?> LoadAsync(DataConnection db, string clientId, CancellationToken cancellation)
    {
        var hash = TextHash.Of(clientId);
        var key = await db.GetTable<SessionRow>().Where(row => row.ClientHash == hash).Select(row => (long?)row.Key)
            .FirstOrDefaultAsync(cancellation).ConfigureAwait(false);
        if (key is not { } session)
        {
            return null;
        }

        var handshake = await db.GetTable<HandshakeRow>().FirstOrDefaultAsync(row => row.Session == session, cancellation).ConfigureAwait(false)
            ?? throw new CorruptRowException($"mqtt_handshake has no row for session_key {session} (client id '{clientId}'). Delete its row in mqtt_session.");
        var handle = new SessionHandle(session, clientId, Decode(handshake, clientId));
        var readPosition = handshake.ReadPosition;
        var queue = await db.GetTable<QueueRow>().Where(row => row.Session == session && row.Position > readPosition)
            .GroupBy(row => row.Session)
            .Select(rows => new { Count = rows.LongCount(), Bytes = rows.Sum(row => row.Size), Last = rows.Max(row => row.Position) })
            .FirstOrDefaultAsync(cancellation).ConfigureAwait(false);
        var received = await db.GetTable<ReceivedRow>().Where(row => row.Session == session).OrderBy(row => row.Origin).ThenBy(row => row.Number)
            .ToListAsync(cancellation).ConfigureAwait(false);
        return new StoredSession
        {
            Session = handle,
            ReadPosition = readPosition,
            LastPosition = Math.Max(readPosition, queue?.Last ?? 0),
            QueuedMessages = queue?.Count ?? 0,
            QueuedBytes = queue?.Bytes ?? 0,
            Inflight = await InflightAsync(db, handle, cancellation).ConfigureAwait(false),
            Inbound = [.. handle.Image.Inbound
                .Select(step => new StoredInbound(step.Key, step.Value.Number, step.Value.IsRouted, step.Value.Picks))
                .OrderBy(step => step.Number)],
            LastNumber = handshake.LastNumber,
            Received = received.ConvertAll(row => new MessageId(row.Origin, row.Number)),
        };
    }

    private static HandshakeImage Decode(HandshakeRow row, string clientId) => Guard.Decode(
        $"mqtt_handshake, session_key {row.Session} (client id '{clientId}')",
        () =>
        {
            var image = new HandshakeImage { ReadPosition = row.ReadPosition, LastNumber = row.LastNumber };
            HandshakeCodec.DecodeOutbound(row.Outbound, image);
            HandshakeCodec.DecodeInbound(row.Inbound, image);
            return image;
        });

    private async Task<IReadOnlyList<StoredInflight>> InflightAsync(DataConnection db, SessionHandle session, CancellationToken cancellation)
    {
        var steps = session.Image.Window.ToArray();
        if (steps.Length == 0)
        {
            return [];
        }

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
