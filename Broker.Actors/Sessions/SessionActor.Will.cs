using Akka.Actor;
using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Actors.Storage;

namespace Broker.Actors.Sessions;

/// <summary>The will: when it is due, and that its row goes only once it is accepted (hard case 8).</summary>
internal sealed partial class SessionActor
{
    /// <summary>Loaded or not yet, what is due is done on loading; a plain connection's will is in its row alone.</summary>
    private void OnWake()
    {
        if (_connection is null && _state is null && !_hasRow && _willPendingFor == 0)
        {
            StartLoading();
        }
    }

    /// <param name="waited">How long ago the connection closed.</param>
    private void ScheduleWill(TimeSpan waited)
    {
        if (_will is null)
        {
            return;
        }

        // The will is due at the latest when the session ends [MQTT-3.1.2-8, 3.1.3-9].
        var delay = TimeSpan.FromSeconds(_will.DelayInterval);
        var left = (delay < _expiry ? delay : _expiry) - waited;
        if (left <= TimeSpan.Zero)
        {
            PublishWill();
        }
        else
        {
            _timers.DelayWill(left);
        }
    }

    private void PublishWill()
    {
        if (_will is not { } will || _connection is not null)
        {
            return;
        }

        _will = null;
        _willPendingFor = _lastConnection;
        if (_willAuthor is { } author && !_services.Access.Policy.For(author).MayPublish(will.Topic))
        {
            SessionLog.WillDenied(_services.Logger, _clientId.Shortened(), will.Topic.Shortened());
            Self.Tell(new WillAccepted(_lastConnection));
            return;
        }

        var expiry = will.Properties?.MessageExpiryInterval;
        var publication = new Publication
        {
            Topic = will.Topic,
            Payload = will.Payload,
            QoS = will.QoS,
            Retain = will.Retain,
            Properties = will.Properties,
            ExpiresAt = expiry is { } seconds ? Now + (seconds * 1000L) : Publication.Never,
            ClientId = _clientId,
        };

        // Its row goes once it is accepted: a node that dies before sends it again.
        var (self, number) = (Self, _lastConnection);
        _services.Publish(publication, () => self.Tell(new WillAccepted(number)));
    }

    private void OnWillAccepted(WillAccepted accepted)
    {
        if (_willPendingFor == accepted.ConnectionNumber)
        {
            _willPendingFor = 0;
        }

        if (!_hasRow)
        {
            _services.Writer.Write(new StoreWrite.ForgetConnection(_clientId, accepted.ConnectionNumber), IgnoredOutcome.Instance);
            AwaitUnseenWrites(isAny: true);
        }
        else if (_connection is null && accepted.ConnectionNumber == _lastConnection)
        {
            // The row's time starts again with this write: what is left of the session's.
            var left = _expiry == TimeSpan.MaxValue ? _expiry : _expiry - TimeSpan.FromMilliseconds(Now - _offlineSince);
            _commits.Write(new StoreWrite.CloseConnection(_clientId, _lastConnection, (uint)Math.Max(0, left.TotalSeconds), keepWill: false));
        }

        EndIfUnused();
    }

    private sealed record WillAccepted(long ConnectionNumber);
}
