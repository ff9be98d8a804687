using System.Data.Common;
using Broker.Actors.Connections;
using Broker.Actors.Sessions;
using Broker.Actors.Storage.Encoding;
using Broker.Actors.Storage.Sql.Dialects;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace Broker.Actors.Storage.Sql.Reading;

/// <summary>Reads sessions' queues.</summary>
internal sealed class QueueReader(SqlDialect dialect)
{
    // Without a mapper, and as a statement whose text never changes: this is the hot path out.
    private readonly string _page =
        "SELECT q.position, q.kind, q.subscriptions, q.message_key, q.body, m.body FROM mqtt_queue q "
        + "LEFT JOIN mqtt_message m ON m.message_key = q.message_key "
        + $"WHERE q.session_key = @session AND q.position > @after AND q.position <= @upTo ORDER BY q.position{dialect.LimitParameter("@most")}";

    /// <summary>A page behind a position, up to another one.</summary>
    public async Task<QueuePage> ReadAsync(
        DataConnection db, SessionHandle session, long after, long upTo, int maxMessages, long maxBytes, CancellationToken cancellation)
    {
        var key = session.Key;
        if (dialect.IsShared)
        {
            // A server sends all that was asked for: find out first how much that may be.
            upTo = Math.Min(upTo, await EndAsync(db, key, after, maxMessages, maxBytes, cancellation).ConfigureAwait(false));
        }

        var messages = new List<QueuedMessage>();
        long bytes = 0;
        await using var data = await db.ExecuteReaderAsync(
            _page,
            cancellation,
            new DataParameter("session", key),
            new DataParameter("after", after),
            new DataParameter("upTo", upTo),
            new DataParameter("most", maxMessages + 1L)).ConfigureAwait(false);
        var reader = data.Reader!;
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            if (messages.Count == maxMessages || bytes >= maxBytes)
            {
                return new QueuePage(messages, IsLast: false);
            }

            var message = Decode(reader, session);
            messages.Add(message);
            bytes += message.Delivery.Publication.Size;
        }

        return new QueuePage(messages, IsLast: true);
    }

    private static QueuedMessage Decode(DbDataReader row, SessionHandle session)
    {
        var position = row.GetInt64(0);
        try
        {
            var isShared = !row.IsDBNull(3);
            var body = isShared ? 5 : 4;
            if (row.IsDBNull(body))
            {
                throw new FormatException(isShared ? $"there is no row {row.GetInt64(3)} in mqtt_message" : "it has no body");
            }

            var kind = row.GetInt64(1);
            return new QueuedMessage(position, new Delivery(
                MessageCodec.Decode(row.GetFieldValue<byte[]>(body)),
                QueueKind.QoS(kind),
                QueueKind.Retain(kind),
                SubscriptionIdentifiers.Decode(row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2))));
        }
        catch (FormatException problem)
        {
            throw Guard.Corrupt($"mqtt_queue, session_key {session.Key} (client id '{session.ClientId}'), position {position},", problem);
        }
    }

    /// <summary>The position of the first message behind a page.</summary>
    private static async Task<long> EndAsync(DataConnection db, long key, long after, int maxMessages, long maxBytes, CancellationToken cancellation)
    {
        long bytes = 0;
        var end = long.MaxValue;
        var sizes = db.GetTable<QueueRow>().Where(row => row.Session == key && row.Position > after).OrderBy(row => row.Position)
            .Select(row => new { row.Position, row.Size }).Take(maxMessages + 1);
        var isFull = false;
        foreach (var row in await sizes.ToListAsync(cancellation).ConfigureAwait(false))
        {
            if (isFull)
            {
                return row.Position;
            }

            bytes += row.Size;
            isFull = bytes >= maxBytes;
        }

        return end;
    }
}
