using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Actors.Retained;
using Broker.Actors.Routing;
using Broker.Actors.Security;
using Broker.Actors.Sessions;
using Broker.Actors.Sessions.Guards;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Sessions;

/// <summary>
/// One <see cref="SessionActor"/> below a probe that stands for its shard. It runs on the thread that tells it, so that a spec sees the effect of
/// each message at once; time passes only by <see cref="Pass"/>.
/// </summary>
public abstract class SessionSpecsBase : TestKit
{
    internal const string ClientId = "c";

    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    internal static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    private static readonly Config VirtualTime = ConfigurationFactory.ParseString(
        "akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"\nakka.loglevel = WARNING");

    protected SessionSpecsBase()
        : base(VirtualTime.WithFallback(SpecJournal.Config))
    {
        Shard = CreateTestProbe();
        Store = new FakeStore(Time);
        Routes = new RouteTable(Subscribers);
    }

    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    internal FakeStore Store { get; }

    internal RecordingRef Registry { get; } = new("registry");

    internal RecordingRef Outbox { get; } = new("outbox");

    internal TestProbe Shard { get; private set; }

    internal LimitsOptions Limits { get; set; } = new();

    /// <summary>Who is served already when an entity starts; null: there are no other nodes.</summary>
    internal ShardGuards? Guards { get; set; }

    internal DurableSubscribers Subscribers { get; private set; } = new();

    internal RouteTable Routes { get; private set; }

    internal RetainedGateway Retained { get; } = new(self: 1, TimeProvider.System);

    internal RetainedCopy Copy { get; } = new();

    /// <summary>Wills.</summary>
    internal List<Publication> Published { get; } = [];

    /// <summary>Not null: what wills wait for until they are accepted; otherwise they are at once.</summary>
    internal Queue<Action>? WillsToAccept { get; set; }

    /// <summary>The rules about topics; set before the entity starts.</summary>
    internal AccessControl Access { get; set; } = AccessControl.Open;

    internal RecordingRef Erasers { get; } = new("erasers");

    internal SpecJournal.Switches Journal => SpecJournal.Of(Sys);

    internal SessionServices Services { get; private set; } = null!;

    internal IActorRef Entity { get; private set; } = ActorRefs.Nobody;

    /// <summary>A new entity, which knows nothing of an earlier one.</summary>
    internal void Start()
    {
        Services = new SessionServices
        {
            CurrentLimits = new CurrentLimits(Limits),
            Time = Time,
            Logger = NullLogger.Instance,
            Access = Access,
            Writer = Store,
            Reader = Store,
            Patience = TimeSpan.FromSeconds(10),
            Routes = Routes,
            Subscribers = Subscribers,
            Retained = Retained,
            RetainedCopy = Copy,
            Publish = PublishWill,
            JournalErasers = Erasers,
            Guards = Guards,
        };
        Services.AddDurable(Store.SessionCount);
        Entity = Shard.ChildActorOf(
            Props.Create(() => new SessionActor(ClientId, Services)).WithDispatcher(CallingThreadDispatcher.Id),
            SupervisorStrategy.DefaultStrategy);
    }

    internal void Connect(
        long number, int expiry = 3_600, bool clean = false, WillMessage? will = null, int receiveMaximum = 10, ClientIdentity? willAuthor = null) =>
        Entity.Tell(new SessionProtocol.Connect(
            ClientId, new ConnectionRef(ClientId, number, Registry), clean, TimeSpan.FromSeconds(expiry), receiveMaximum, will, WillAuthor: willAuthor));

    internal void Close(long number, bool discardWill = false, int? expiry = null) =>
        Entity.Tell(new SessionProtocol.ConnectionClosed(
            ClientId, number, discardWill, expiry is { } seconds ? TimeSpan.FromSeconds(seconds) : null));

    /// <summary>A started entity with this connection, whose SessionBound has been looked at.</summary>
    internal void StartConnected(long number = 1, int expiry = 3_600, int receiveMaximum = 10, WillMessage? will = null)
    {
        Start();
        Connect(number, expiry, receiveMaximum: receiveMaximum, will: will);
        Bound(number);
    }

    /// <summary>What a connection tells an entity that knows nothing of it.</summary>
    internal void Attach(
        long number,
        int attachment,
        long highestPosition = 0,
        OutboundReport[]? outbound = null,
        InboundReport[]? inbound = null,
        SessionProtocol.Subscribe? subscribe = null) =>
        Entity.Tell(
            new SessionProtocol.Attach(
                ClientId,
                new ConnectionRef(ClientId, number, Registry),
                attachment,
                10,
                highestPosition,
                outbound ?? [],
                inbound ?? [],
                subscribe,
                Unsubscribe: null),
            Registry);

    /// <summary>The entity has taken up what the connection told.</summary>
    internal void Attached(long number, int attachment) => Told<ConnectionProtocol.Attached>(number).Attachment.Should().Be(attachment);

    internal ConnectionProtocol.SessionBound Bound(long number) => Told<ConnectionProtocol.SessionBound>(number);

    /// <summary>The next thing told to any connection, which goes to this one and is of this kind.</summary>
    internal T Told<T>(long number)
    {
        AwaitCondition(() => !Registry.Messages.IsEmpty, Deadline, Poll);
        var message = Registry.Next<ConnectionRegistry.ToConnection>();
        message.Number.Should().Be(number);
        return message.Command.Should().BeOfType<T>().Which;
    }

    internal void NothingIsTold() => Registry.Messages.Should().BeEmpty();

    /// <summary>A delivery as this node's outbox sends it.</summary>
    internal void Deliver(long sequence, string payload, int qos = 1, long previous = 0, MessageId id = default, long expiresAt = Publication.Never)
    {
        var publication = new Publication
        {
            Topic = "t",
            Payload = System.Text.Encoding.UTF8.GetBytes(payload),
            QoS = (QualityOfService)qos,
            Id = id,
            ExpiresAt = expiresAt,
        };
        Entity.Tell(new SessionDelivery(ClientId, publication, publication.QoS, false, null, isShared: false, pending: null)
        {
            Sequence = sequence,
            Previous = previous,
            Outbox = Outbox,
        });
    }

    internal void Acknowledge(long connection, PacketType type, ushort packetId, ReasonCode reasonCode = ReasonCode.Success) =>
        Entity.Tell(new SessionProtocol.Acknowledged(ClientId, connection, type, packetId, reasonCode));

    /// <summary>What the outbox was answered, oldest first.</summary>
    internal List<(long Sequence, DeliveryOutcome Outcome)> Answers()
    {
        var answers = Outbox.Messages.Cast<SessionDelivery.Taken>().Select(taken => (taken.Sequence, taken.Outcome)).ToList();
        Outbox.Messages.Clear();
        return answers;
    }

    /// <summary>All PUBLISH packets told to any connection and not looked at.</summary>
    internal List<(string Payload, ushort PacketId, bool Duplicate)> Deliveries()
    {
        var items = Registry.Messages.Cast<ConnectionRegistry.ToConnection>().Select(message => message.Command)
            .OfType<ConnectionProtocol.Deliveries>().SelectMany(deliveries => deliveries.Items)
            .Select(item => (item.Delivery.Publication.Text(), item.PacketId, item.Duplicate)).ToList();
        Registry.Messages.Clear();
        return items;
    }

    internal void Pass(TimeSpan time)
    {
        Time.Advance(time);
        ((TestScheduler)Sys.Scheduler).Advance(time);
    }

    /// <summary>Completes waiting writes, and waits until the entity has seen that.</summary>
    internal void Commit(int count, int answers)
    {
        Store.Complete(count);
        AwaitCondition(() => Outbox.Messages.Count >= answers, Deadline, Poll);
        Settle();
    }

    /// <summary>Waits until the entity has handled what it was told before.</summary>
    internal void Settle()
    {
        Entity.Tell(new SessionProtocol.Ping(ClientId, TestActor));
        ExpectMsg<SessionProtocol.Pong>();
    }

    /// <summary>Subscribes, and looks at the answer.</summary>
    internal IReadOnlyList<ReasonCode> Subscribe(long connection, params RequestedSubscription[] subscriptions)
    {
        Entity.Tell(new SessionProtocol.Subscribe(ClientId, connection, 1, subscriptions));
        return Told<ConnectionProtocol.Subscribed>(connection).ReasonCodes;
    }

    /// <summary>The entity ends as a node does that dies: the next one has nothing but the store.</summary>
    internal void Crash()
    {
        Watch(Entity);
        Sys.Stop(Entity);
        ExpectTerminated(Entity, Deadline);
        Registry.Messages.Clear();
        Outbox.Messages.Clear();
        Shard = CreateTestProbe();
    }

    /// <summary>As <see cref="Crash"/>, of a node whose successor knows no routes; and an entity that has loaded the session.</summary>
    internal void Restart()
    {
        Crash();
        Subscribers = new DurableSubscribers();
        Routes = new RouteTable(Subscribers);
        Start();
        Settle();
        Registry.Messages.Clear();
    }

    private void PublishWill(Publication will, Action accepted)
    {
        Published.Add(will);
        if (WillsToAccept is { } waiting)
        {
            waiting.Enqueue(accepted);
        }
        else
        {
            accepted();
        }
    }
}
