using Akka.Actor;
using Broker.Actors.Connections;

namespace Broker.Actors.Sessions;

/// <summary>The lane to and from the connection of a durable session (decision 0009).</summary>
internal sealed partial class SessionActor
{
    private const long ResumePause = 500;

    private static readonly TimeSpan FirstCheck = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestCheck = TimeSpan.FromMinutes(1);

    /// <summary>From one question to a connection that has been adopted to the next: it may have nothing to say by itself.</summary>
    private static readonly TimeSpan AdoptedPause = TimeSpan.FromSeconds(2);

    private int _attachment;
    private long _told;
    private long _heard;
    private long _heardAtCheck;
    private long _askedToAttachAt;
    private bool _isCheckDue;
    private bool _isAwaitingAttach;
    private TimeSpan _checkPause = FirstCheck;

    /// <summary>On another node: what goes there may be lost on the way.</summary>
    private bool IsRemote => _connection?.Node is { } node && !node.Equals(_services.Node);

    private void BeginLane(int attachment)
    {
        _attachment = attachment;
        _told = _heard = _heardAtCheck = 0;
    }

    private void Tell(ConnectionRef connection, object command)
    {
        if (_connection?.Number != connection.Number)
        {
            connection.Tell(command);
            return;
        }

        connection.Tell(command, _attachment == 0 ? default : new LaneMark(_attachment, ++_told));
        if (!_isCheckDue && IsRemote)
        {
            _isCheckDue = true;
            _timers.CheckLane(_checkPause = FirstCheck);
        }
    }

    /// <summary>False: this comes from before the last attachment, or something before it was lost and will be told by the next.</summary>
    private bool Accepts(SessionProtocol.FromConnection message)
    {
        var mark = message.Mark;
        if (mark.Attachment == 0)
        {
            return true;
        }

        if (mark.Attachment == _attachment && mark.Number == _heard + 1)
        {
            _heard++;
            return true;
        }

        if (mark.Attachment > _attachment || (mark.Attachment == _attachment && mark.Number > _heard))
        {
            AskToAttach(message.ConnectionNumber);
        }

        return false;
    }

    /// <summary>The sender is the registry of the connection's node.</summary>
    private void AskToAttach(long number)
    {
        if (Now - _askedToAttachAt >= ResumePause)
        {
            _askedToAttachAt = Now;
            Sender.Tell(new ConnectionRegistry.ToConnection(_clientId, number, ConnectionProtocol.Resume.Instance), ActorRefs.NoSender);
        }
    }

    private void AskAdopted(ConnectionRef connection)
    {
        connection.Tell(ConnectionProtocol.Resume.Instance);
        _isCheckDue = true;
        _timers.CheckLane(AdoptedPause);
    }

    /// <summary>
    /// As long as the client owes acknowledgements and nothing comes, either it is slow, or something was lost: the last of a row leaves no gap behind it.
    /// </summary>
    private void OnLaneCheck()
    {
        _isCheckDue = false;
        if (_isAwaitingAttach && _connection is { } adopted)
        {
            AskAdopted(adopted);
            return;
        }

        if (!IsRemote || !_isBound || _state is not { Inflight.Count: > 0 })
        {
            return;
        }

        if (_heard == _heardAtCheck)
        {
            _connection!.Tell(new ConnectionProtocol.Check(new LaneMark(_attachment, _told)));
            _checkPause = _checkPause * 2 < LongestCheck ? _checkPause * 2 : LongestCheck;
        }
        else
        {
            _checkPause = FirstCheck;
        }

        _heardAtCheck = _heard;
        _isCheckDue = true;
        _timers.CheckLane(_checkPause);
    }
}
