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

        var rows = from queued in db.GetTable<QueueRow>()
                   from message in db.GetTable<MessageRow>().LeftJoin(message => message.Key == queued.MessageKey)
                   where queued.Session == key && queued.Position > after && queued.Position <= upTo
                   orderby queued.Position
                   select new { queued.Position, queued.Kind, queued.Subscriptions, queued.Body, queued.MessageKey, Shared = message.Body };
        var messages = new List<QueuedMessage>();
        long bytes = 0;
        await foreach (var row in rows.Take(maxMessages + 1).AsAsyncEnumerable().WithCancellation(cancellation).ConfigureAwait(false))
        {
            if (messages.Count == maxMessages || bytes >= maxBytes)
            {
                return new QueuePage(messages, IsLast: false);
            }

            var body = row.MessageKey is null ? row.Body : row.Shared;
            var delivery = Guard.Decode(
                $"mqtt_queue, session_key {key} (client id '{session.ClientId}'), position {row.Position}",
                () => new Delivery(
                    MessageCodec.Decode(body ?? throw new FormatException(
                        row.MessageKey is { } lost ? $"there is no row {lost} in mqtt_message" : "it has no body")),
                    QueueKind.QoS(row.Kind),
                    QueueKind.Retain(row.Kind),
                    SubscriptionIdentifiers.Decode(row.Subscriptions)));
            messages.Add(new QueuedMessage(row.Position, delivery));
            bytes += delivery.Publication.Size;
        }

        return new QueuePage(messages, IsLast: true);
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
