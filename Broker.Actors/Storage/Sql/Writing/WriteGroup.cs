using Broker.Actors.Routing;
using Broker.Actors.Storage.Encoding;
using Broker.Actors.Storage.Sql.Dialects;
using Broker.Protocol.Packets;

namespace Broker.Actors.Storage.Sql.Writing;

/// <summary>
/// What one transaction writes, gathered from the writes of all sessions: a few statements with many rows. The writer's thread only; used again for each group.
/// </summary>
internal sealed class WriteGroup(RareStatements rare, SharedMessages shared)
{
    private readonly ByteWriter _bytes = new();
    private readonly List<SessionHandle> _touched = [];
    private readonly Dictionary<(long Session, long Origin), long> _floors = [];
    private readonly List<Statement> _statements = [];
    private long _build;

    private readonly RowSet _messages = new(RowOperation.Insert, "mqtt_message", RowColumn.OfNumbers("message_key"), RowColumn.OfBytes("body"));

    private readonly RowSet _queue = new(
        RowOperation.Insert,
        "mqtt_queue",
        RowColumn.OfNumbers("session_key"),
        RowColumn.OfNumbers("position"),
        RowColumn.OfNumbers("kind"),
        RowColumn.OfNumbers("size"),
        RowColumn.OfOptionalNumbers("expires_at"),
        RowColumn.OfOptionalNumbers("message_key"),
        RowColumn.OfBytes("subscriptions"),
        RowColumn.OfBytes("body"));

    private readonly RowSet _received = new(
        RowOperation.Insert, "mqtt_received", RowColumn.OfNumbers("session_key"), RowColumn.OfNumbers("origin"), RowColumn.OfNumbers("number"));

    private readonly RowSet _handshakes = new(
        RowOperation.Update,
        "mqtt_handshake",
        RowColumn.OfNumbers("session_key"),
        RowColumn.OfNumbers("read_position"),
        RowColumn.OfNumbers("last_number"),
        RowColumn.OfBytes("outbound"),
        RowColumn.OfBytes("inbound"));

    private readonly RowSet _removed = new(
        RowOperation.DeleteBelow, "mqtt_queue", RowColumn.OfNumbers("session_key"), RowColumn.OfNumbers("position"));

    private readonly RowSet _forgotten = new(
        RowOperation.DeleteBelow, "mqtt_received", RowColumn.OfNumbers("session_key"), RowColumn.OfNumbers("origin"), RowColumn.OfNumbers("number"));

    /// <summary>Takes the writes in place of those before.</summary>
    public void Build(ReadOnlySpan<StoreWrite> writes)
    {
        Clear();
        _build++;
        foreach (var write in writes)
        {
            Add(write);
        }

        foreach (var session in _touched)
        {
            AddHandshake(session);
        }

        foreach (var (key, floor) in _floors)
        {
            _forgotten.Columns[0].Add(key.Session);
            _forgotten.Columns[1].Add(key.Origin);
            _forgotten.Columns[2].Add(floor);
        }
    }

    /// <summary>Writes everything within the running transaction.</summary>
    public void Execute(SqlDialect dialect, CommandCache commands)
    {
        if (_statements.Count > 0)
        {
            commands.Execute(_statements);
        }

        Execute(dialect, commands, _messages);
        Execute(dialect, commands, _queue);
        Execute(dialect, commands, _received);
        Execute(dialect, commands, _handshakes);
        Execute(dialect, commands, _removed);
        Execute(dialect, commands, _forgotten);
    }

    /// <summary>The transaction is committed.</summary>
    public void Committed()
    {
        shared.Committed(_build);
        for (var i = 0; i < _removed.Count; i++)
        {
            // In the order of the handles that have something to remove.
            _removing[i].Image.RemovedBelow = _removed.Columns[1].Numbers![i];
        }
    }

    private readonly List<SessionHandle> _removing = [];

    private static void Execute(SqlDialect dialect, CommandCache commands, RowSet rows)
    {
        if (rows.Count > 0)
        {
            dialect.Execute(commands, rows);
        }
    }

    private void Clear()
    {
        _touched.Clear();
        _removing.Clear();
        _floors.Clear();
        _statements.Clear();
        _messages.Clear();
        _queue.Clear();
        _received.Clear();
        _handshakes.Clear();
        _removed.Clear();
        _forgotten.Clear();
    }

    private void Add(StoreWrite write)
    {
        switch (write)
        {
            case StoreWrite.Enqueue enqueue:
                AddMessage(enqueue);
                break;
            case StoreWrite.HandshakeStep step:
                if (!step.IsApplied)
                {
                    step.Apply(step.Session.Image);
                    step.IsApplied = true;
                }

                Touch(step.Session);
                break;
            case StoreWrite.Discard discard:
                // What was queued in this group and before goes with the rest of its queue.
                discard.Session.Image.IsDiscarded = true;
                rare.Add(_statements, write);
                break;
            default:
                rare.Add(_statements, write);
                break;
        }
    }

    private void Touch(SessionHandle session)
    {
        if (session.Image.Build != _build)
        {
            session.Image.Build = _build;
            _touched.Add(session);
        }
    }

    private void AddMessage(StoreWrite.Enqueue write)
    {
        var publication = write.Publication;
        var session = write.Session.Key;
        long? messageKey = null;
        byte[]? body = null;
        if (write.Shared)
        {
            messageKey = shared.Refer(publication, _build, out var isNew);
            if (isNew)
            {
                _messages.Columns[0].Add(messageKey.Value);
                _messages.Columns[1].Add(MessageCodec.Encode(_bytes, publication));
            }
        }
        else
        {
            body = MessageCodec.Encode(_bytes, publication);
        }

        var columns = _queue.Columns;
        columns[0].Add(session);
        columns[1].Add(write.Position);
        columns[2].Add(QueueKind.Of(write.QoS, write.Retain));
        columns[3].Add(publication.Size);
        columns[4].Add(publication.ExpiresAt == Publication.Never ? null : (long?)publication.ExpiresAt);
        columns[5].Add(messageKey);
        columns[6].Add(SubscriptionIdentifiers.Encode(_bytes, write.SubscriptionIdentifiers));
        columns[7].Add(body);

        if (write.QoS == QualityOfService.ExactlyOnce && publication.Id.IsSet)
        {
            _received.Columns[0].Add(session);
            _received.Columns[1].Add(publication.Id.Origin);
            _received.Columns[2].Add(publication.Id.Number);
            if (write.Session.Image.RaiseFloor(publication.Id.Origin, publication.LowestUnreleased) || _floors.ContainsKey((session, publication.Id.Origin)))
            {
                _floors[(session, publication.Id.Origin)] = publication.LowestUnreleased;
            }
        }
    }

    private void AddHandshake(SessionHandle session)
    {
        var image = session.Image;
        if (image.IsDiscarded)
        {
            return;
        }

        var columns = _handshakes.Columns;
        columns[0].Add(session.Key);
        columns[1].Add(image.ReadPosition);
        columns[2].Add(image.LastNumber);
        columns[3].Add(HandshakeCodec.EncodeOutbound(_bytes, image));
        columns[4].Add(HandshakeCodec.EncodeInbound(_bytes, image));
        var needed = image.LowestNeeded();
        if (needed > image.RemovedBelow)
        {
            _removing.Add(session);
            _removed.Columns[0].Add(session.Key);
            _removed.Columns[1].Add(needed);
        }
    }
}
