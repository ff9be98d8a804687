using Broker.Actors.Sessions;

namespace Broker.Actors.Connections;

/// <summary>
/// The lane to the session's entity and back (decision 0009). What is lost in it, or with the entity, is not repeated message by message: the connection tells
/// all that it knows, under a new attachment, and both sides forget what was on its way under the old one.
/// </summary>
internal sealed partial class DurableSession
{
    /// <summary>After which a question is asked again, in ms; longer each time.</summary>
    private const long FirstPatience = 2_000;

    private const long LongestPatience = 30_000;

    private const long ResumePause = 500;

    /// <summary>In a cluster, after which a connection that had nothing to say tells its entity that it is there, in ms: one that does not know it asks.</summary>
    private const long StillHereAfter = 10_000;

    private int _attachment = attachment;
    private bool _isAttached = true;
    private long _told;
    private long _lastToldAt = connection.Loop.Tick;
    private long _heard;
    private int _questions;
    private long _waitingSince;
    private long _patience = FirstPatience;

    /// <inheritdoc/>
    public override bool Accepts(LaneMark mark)
    {
        if (mark.Attachment != _attachment)
        {
            return false;
        }

        if (mark.Number != _heard + 1)
        {
            if (mark.Number > _heard)
            {
                Attach();
            }

            return false;
        }

        _heard++;
        return true;
    }

    /// <inheritdoc/>
    public override void CheckAnswers(long now)
    {
        if ((_questions > 0 || !_isAttached) && now - _waitingSince >= _patience)
        {
            _patience = Math.Min(_patience * 2, LongestPatience);
            Attach();
        }
        else if (_isAttached && now - _lastToldAt >= StillHereAfter && Connection.Context.Options.Cluster.IsClustered)
        {
            Tell(new SessionProtocol.Checked(Connection.ClientId, Connection.Number));
        }
    }

    private void Asked()
    {
        if (++_questions == 1 && _isAttached)
        {
            _waitingSince = Connection.Loop.Tick;
        }
    }

    private void Answered()
    {
        _questions--;
        _waitingSince = Connection.Loop.Tick;
        if (_isAttached)
        {
            _patience = FirstPatience;
        }
    }

    private void Tell(SessionProtocol.FromConnection message)
    {
        message.Mark = new LaneMark(_attachment, ++_told);
        _lastToldAt = Connection.Loop.Tick;
        Connection.Context.TellSession(message);
    }

    private void Attach()
    {
        _attachment++;
        _isAttached = false;
        (_told, _heard) = (0, 0);
        _waitingSince = _lastToldAt = Connection.Loop.Tick;
        var context = Connection.Context;
        context.TellSession(new SessionProtocol.Attach(
            Connection.ClientId,
            new ConnectionRef(Connection.ClientId, Connection.Number, context.Registry, context.Node),
            _attachment,
            Connection.SendQuota,
            _highestPosition,
            [.. _outbound.Values],
            ReportInbound(),
            _subscribe,
            _unsubscribe));
    }

    private InboundReport[] ReportInbound()
    {
        if (_inbound is not { Count: > 0 })
        {
            return [];
        }

        var reports = new List<InboundReport>(_inbound.Count);
        foreach (var (packetId, inbound) in _inbound.OrderBy(static one => one.Value.Order))
        {
            inbound.WasAskedAgain = inbound.Step == InboundProgress.Releasing;
            reports.Add(new InboundReport(packetId, inbound.Step, inbound.Picks, inbound.RenewsPicks));
        }

        return [.. reports];
    }

    /// <summary>Each message that an entity cannot place makes it ask: the first time counts.</summary>
    private void OnResume()
    {
        if (_isAttached || Connection.Loop.Tick - _waitingSince >= ResumePause)
        {
            Attach();
        }
    }

    private void OnAttached(ConnectionProtocol.Attached attached)
    {
        if (attached.Attachment == _attachment)
        {
            _isAttached = true;
            _waitingSince = Connection.Loop.Tick;
            Connection.Home = attached.Home;
        }
    }

    private void OnCheck(ConnectionProtocol.Check check)
    {
        if (check.Told.Attachment != _attachment)
        {
            // Of an entity before this one, or the two disagree: either is settled by telling all.
            OnResume();
        }
        else if (check.Told.Number > _heard)
        {
            Attach();
        }
        else
        {
            Tell(new SessionProtocol.Checked(Connection.ClientId, Connection.Number));
        }
    }
}
