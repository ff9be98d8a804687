using Broker.Actors.Hosting;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Actors.Connections;

/// <summary>
/// The part of a connection that depends on where its session lives: on this event loop (<see cref="LiveSession"/>),
/// because it ends with the connection, or in its entity (<see cref="DurableSession"/>).
/// </summary>
internal abstract class ConnectionSession(ClientConnection connection, SessionSubscriber subscriber)
{
    protected ClientConnection Connection { get; } = connection;

    protected SessionSubscriber Subscriber { get; } = subscriber;

    /// <summary>CONNACK has been written: messages may come.</summary>
    public virtual void Start() => Subscriber.Attach(Connection);

    /// <summary>The connection is gone.</summary>
    public virtual void End() => Subscriber.Detach(Connection);

    /// <summary>A message of QoS 1 or 2 from the router.</summary>
    public abstract void Deliver(in Delivery delivery);

    /// <summary>PUBACK, PUBREC or PUBCOMP.</summary>
    public abstract void OnAcknowledgement(PacketType type, ushort packetId, ReasonCode reasonCode);

    /// <summary>SUBSCRIBE, its filters checked; whether there is room for them is the session's to know.</summary>
    public abstract void Subscribe(ushort packetId, IReadOnlyList<RequestedSubscription> requested);

    /// <summary>UNSUBSCRIBE.</summary>
    public abstract void Unsubscribe(ushort packetId, IReadOnlyList<string> filters);

    /// <summary>A QoS 2 PUBLISH.</summary>
    public abstract void PublishExactlyOnce(PublishPacket packet, string topic);

    /// <summary>A QoS 2 publish has been taken by everyone it goes to; its PUBREC follows.</summary>
    public abstract void OnExactlyOnceRouted(UnacknowledgedPublish publish);

    /// <summary>Whether a QoS 2 publish with this packet id waits for PUBREL on this connection.</summary>
    public abstract bool IsUnreleased(ushort packetId);

    /// <summary>A PUBREC with an error: the exchange is over.</summary>
    public abstract void ForgetInbound(ushort packetId);

    /// <summary>PUBREL.</summary>
    public abstract void Release(ushort packetId);

    /// <summary>False: a message with this mark is not meant for this session any more, or something before it was lost.</summary>
    public virtual bool Accepts(LaneMark mark) => true;

    /// <summary>Once a second: asks again what was not answered.</summary>
    public virtual void CheckAnswers(long now)
    {
    }

    /// <summary>Other limits hold than before.</summary>
    public virtual void ApplyLimits(LimitsOptions limits)
    {
    }

    /// <summary>The socket takes more.</summary>
    public abstract void Pump();

    /// <summary>A message from an actor, meant for the session.</summary>
    public abstract void Handle(object command);
}
