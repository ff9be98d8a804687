using Akka.Actor;
using Akka.Cluster.Sharding;
using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Protocol.Packets;
using Broker.Protocol.Topics;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Sessions;

/// <summary>
/// Takes a session of its own through a durable session's life before the first client comes: the journal makes its tables and opens its connections, statements
/// are prepared and code is compiled here, which would be a quarter of a second of somebody's SUBSCRIBE. It ends the session as a client would, so that nothing
/// of it stays in the store.
/// </summary>
internal sealed class SessionWarmUp : UntypedActor
{
    private const string Topic = "$warm-up";

    // Should the node die on the way, the primary of its next start ends the session.
    private static readonly TimeSpan Expiry = TimeSpan.FromMinutes(1);

    private readonly string _clientId = $"$warm-up-{Guid.NewGuid()}";
    private readonly SessionServices _services;
    private readonly TaskCompletionSource _done;
    private IActorRef _entity = ActorRefs.Nobody;
    private long _number;
    private bool _isBound;
    private bool _hasReloaded;
    private bool _isEnding;

    public SessionWarmUp(SessionServices services, TaskCompletionSource done)
    {
        _services = services;
        _done = done;
    }

    /// <summary>Completes when it is done, or the database has not answered for <see cref="SessionServices.Patience"/>; it goes on then, and cleans up.</summary>
    public static async Task RunAsync(IActorRefFactory system, SessionServices services, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        system.ActorOf(Props.Create(() => new SessionWarmUp(services, done)), "session-warm-up");
        try
        {
            await done.Task.WaitAsync(services.Patience, services.Time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            SessionLog.NotWarm(services.Logger);
        }
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => Akka.Actor.SupervisorStrategy.StoppingStrategy;

    /// <inheritdoc/>
    protected override void PreStart() => Connect(isNew: true);

    /// <inheritdoc/>
    protected override void PostStop() => _done.TrySetResult();

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ConnectionRegistry.ToConnection { Command: var command } toConnection when toConnection.Number == _number && !_isEnding:
                OnCommand(command);
                break;
            case Passivate when !_isBound && !_isEnding:
                // It knew that nobody was connected before CONNECT had come, and is of no use to anybody: the next one takes it, as a shard would do.
                _entity.Tell(PoisonPill.Instance);
                break;
            case Terminated when !_isBound && !_isEnding:
                Connect(isNew: true);
                break;
            case Terminated when !_hasReloaded && !_isEnding:
                // As after a restart: it is loaded, and its events are read.
                _hasReloaded = true;
                Connect(isNew: false);
                break;
            case Terminated or Passivate:
                Context.Stop(Self);
                break;
        }
    }

    private void OnCommand(object command)
    {
        switch (command)
        {
            case ConnectionProtocol.SessionBound { SessionPresent: false }:
                _isBound = true;
                _entity.Tell(new SessionProtocol.Subscribe(_clientId, _number, 1, [Subscription()]));
                break;
            case ConnectionProtocol.Subscribed:
                var publication = new Publication { Topic = Topic, Payload = default, QoS = QualityOfService.AtLeastOnce };
                _entity.Tell(new SessionDelivery(_clientId, publication, publication.QoS, false, null, isShared: false, pending: null)
                {
                    Sequence = 1,
                    Outbox = Self,
                });
                break;
            case ConnectionProtocol.Deliveries { Items: [var item, ..] }:
                _entity.Tell(new SessionProtocol.Acknowledged(_clientId, _number, PacketType.PubAck, item.PacketId, ReasonCode.Success));
                _entity.Tell(new SessionProtocol.ConnectionClosed(_clientId, _number, DiscardWill: true, SessionExpiry: null));
                _entity.Tell(PoisonPill.Instance);
                break;
            case ConnectionProtocol.SessionBound:
                _entity.Tell(new SessionProtocol.Unsubscribe(_clientId, _number, 1, [Topic]));
                break;
            default:
                // The subscription has ended, or the store refuses something: either way this was all.
                _isEnding = true;
                _entity.Tell(new SessionProtocol.ConnectionClosed(_clientId, _number, DiscardWill: true, SessionExpiry: TimeSpan.Zero));
                break;
        }
    }

    private static RequestedSubscription Subscription() => new(
        TopicFilter.TryParse(Topic, out var filter, out _) ? filter : null,
        new SubscriptionOptions(QualityOfService.AtLeastOnce),
        RetainHandling.SendAtSubscribe,
        ReasonCode.GrantedQoS1);

    private void Connect(bool isNew)
    {
        _number++;
        var (clientId, services) = (_clientId, _services);
        _entity = Context.Watch(Context.ActorOf(Props.Create(() => new SessionActor(clientId, services))));
        _entity.Tell(new SessionProtocol.Connect(_clientId, new ConnectionRef(_clientId, _number, Self), isNew, Expiry, ReceiveMaximum: 1, Will: null));
    }
}
