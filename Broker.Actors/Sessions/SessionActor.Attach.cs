using Broker.Actors.Connections;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>
/// A connection goes on with this entity (decision 0009): it tells what the client has and has not, the store tells the rest, and every step that either asks for
/// changes nothing where it was made before.
/// </summary>
internal sealed partial class SessionActor
{
    private void OnAttach(SessionProtocol.Attach attach)
    {
        var number = attach.Connection.Number;
        if (_connection is null && _state is not null && _isRowOpen && number == _lastConnection)
        {
            TakeUp(attach.Connection);
        }

        if (_connection?.Number != number)
        {
            // Taken over, ended, or counted as closed while its node could not be reached.
            var reason = number < _lastConnection ? TakenOver : "its session goes on without it";
            NotAdopted(attach.Connection, number < _lastConnection ? ReasonCode.SessionTakenOver : ReasonCode.ServerBusy, reason);
            EndIfUnused();
            return;
        }

        if (attach.Attachment <= _attachment)
        {
            return;
        }

        if (_state is not { } state)
        {
            NotAdopted(attach.Connection, ReasonCode.ServerBusy, "its session is not in the database");
            return;
        }

        if (attach.HighestPosition > state.Queue.ReadPosition)
        {
            CatchUp(state, attach);
            return;
        }

        _isBound = true;
        _isAwaitingAttach = false;
        state.Inflight.ReceiveMaximum = attach.ReceiveMaximum;
        BeginLane(attach.Attachment);
        Tell(_connection, new ConnectionProtocol.Attached(attach.Attachment, _services.Node));
        Reconcile(state, attach);
        Replay(state, attach);
        Pump();
    }

    /// <summary>
    /// Messages at QoS 1 leave before it is written that they do, and the entity that sent these did not live to see it written. What the connection lists is
    /// in flight, what it does not list is finished; then everything is read again, since the messages are in the store alone.
    /// </summary>
    private void CatchUp(DurableSessionState state, SessionProtocol.Attach attach)
    {
        foreach (var report in attach.Outbound.Where(report => report.Position > state.Queue.ReadPosition).OrderBy(static report => report.Position))
        {
            _commits.Write(new StoreWrite.Read(state.Session, report.Position, report.PacketId, report.QoS));
        }

        _commits.Write(new StoreWrite.Read(state.Session, attach.HighestPosition, 0, QualityOfService.AtLeastOnce));
        LoadAgain(state);
        _early!.Add(attach);
    }

    /// <summary>The state in memory gives way to what is in the store, behind what was written so far.</summary>
    private void LoadAgain(DurableSessionState state)
    {
        if (state.Journal is { } journal)
        {
            state.Journal = null;
            Context.Unwatch(journal);
            Context.Stop(journal);
        }

        _state = null;
        _isBound = false;
        StartLoading();
    }

    private void Reconcile(DurableSessionState state, SessionProtocol.Attach attach)
    {
        var reported = new Dictionary<long, OutboundReport>(attach.Outbound.Count);
        foreach (var report in attach.Outbound)
        {
            reported[report.Position] = report;
        }

        var inflight = new List<InflightMessage<QueuedMessage>>(state.Inflight.Count);
        foreach (var message in state.Inflight)
        {
            inflight.Add(message);
        }

        var duplicates = _resending.Where(static one => one.Duplicate).Select(static one => one.Message.Item.Position).ToHashSet();
        _resending.Clear();
        foreach (var message in inflight)
        {
            var position = message.Item.Position;
            if (reported.TryGetValue(position, out var report))
            {
                Advance(state, message, report);
            }
            else if (position <= attach.HighestPosition)
            {
                // It came to the connection, and the client has finished it.
                state.Inflight.Finish(message.PacketId);
                _commits.Write(new StoreWrite.Acknowledge(state.Session, position));
            }
            else if (message.State == InflightState.AwaitingPubComp)
            {
                Tell(_connection!, new ConnectionProtocol.Release(message.PacketId, ReasonCode.Success, position));
            }
            else
            {
                _resending.Enqueue((message, duplicates.Contains(position)));
            }
        }
    }

    /// <summary>PUBREC came to the connection, and PUBREL has not: it is due.</summary>
    private void Advance(DurableSessionState state, in InflightMessage<QueuedMessage> message, in OutboundReport report)
    {
        if (report.Step == OutboundProgress.Received)
        {
            OnReceived(state, message.PacketId, state.Inflight.PubRec(message.PacketId, ReasonCode.Success, out var item), item);
        }
    }

    private void Replay(DurableSessionState state, SessionProtocol.Attach attach)
    {
        var (clientId, number) = (_clientId, attach.Connection.Number);
        foreach (var report in attach.Inbound)
        {
            if (report.Step is InboundProgress.Forgotten or InboundProgress.ForgottenAndNumbering)
            {
                OnForgetInbound(state, report.PacketId);
            }

            switch (report.Step)
            {
                case InboundProgress.Numbering or InboundProgress.ForgottenAndNumbering:
                    OnNumberInbound(state, new SessionProtocol.NumberInbound(clientId, number, report.PacketId, report.Picks, report.RenewsPicks));
                    break;
                case InboundProgress.Routed:
                    OnInboundRouted(state, report.PacketId);
                    break;
                case InboundProgress.Releasing:
                    OnReleaseInbound(state, new SessionProtocol.ReleaseInbound(clientId, number, report.PacketId));
                    break;
            }
        }

        if (attach.Subscribe is { } subscribe)
        {
            OnChange(state, subscribe, isAgain: true);
        }

        if (attach.Unsubscribe is { } unsubscribe)
        {
            OnChange(state, unsubscribe, isAgain: true);
        }
    }

    private void NotAdopted(ConnectionRef connection, ReasonCode reasonCode, string problem)
    {
        _services.CountNotAdopted();
        SessionLog.NotAdopted(_services.Logger, _clientId, problem);
        connection.Tell(new ConnectionProtocol.Disconnect(reasonCode, problem));
    }
}
