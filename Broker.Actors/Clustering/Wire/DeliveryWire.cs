using Akka.Actor;
using Broker.Actors.Sessions;
using Broker.Actors.Storage.Encoding;

namespace Broker.Actors.Clustering.Wire;

/// <summary>Deliveries to durable sessions, and their answers.</summary>
internal static class DeliveryWire
{
    private const byte QoSMask = 0x03;
    private const byte RetainFlag = 0x04;
    private const byte SharedFlag = 0x08;

    public static IReadOnlyList<WireFormat> Formats { get; } =
    [
        new WireFormat<SessionDelivery>("dd", WriteDelivery, ReadDelivery),
        new WireFormat<SessionDelivery.Taken>(
            "dt",
            static (writer, message) =>
            {
                writer.WriteString(message.ClientId);
                writer.WriteNumber(message.Sequence);
                writer.WriteByte((byte)message.Outcome);
            },
            static (ref ByteReader reader, ExtendedActorSystem _) =>
                new SessionDelivery.Taken(reader.ReadString(), reader.ReadNumber(), (DeliveryOutcome)reader.ReadByte())),
        new WireFormat<SessionDelivery.OutOfSequence>(
            "do",
            static (writer, message) =>
            {
                writer.WriteString(message.ClientId);
                writer.WriteNumber(message.Sequence);
            },
            static (ref ByteReader reader, ExtendedActorSystem _) => new SessionDelivery.OutOfSequence(reader.ReadString(), reader.ReadNumber())),
    ];

    private static void WriteDelivery(ByteWriter writer, SessionDelivery message)
    {
        writer.WriteString(message.ClientId);
        writer.WriteByte((byte)((int)message.QoS | (message.Retain ? RetainFlag : 0) | (message.IsShared ? SharedFlag : 0)));
        writer.WriteIdentifiers(message.SubscriptionIdentifiers);
        writer.WriteNumber(message.Sequence);
        writer.WriteNumber(message.Previous);
        WireFormat.WriteRef(writer, message.Outbox);
        MessageCodec.Write(writer, message.Publication);
    }

    // Who waits for it stays on the sending node. Each message brings its publication with it, so that here it is nobody else's.
    private static SessionDelivery ReadDelivery(ref ByteReader reader, ExtendedActorSystem system)
    {
        var clientId = reader.ReadString();
        var flags = reader.ReadByte();
        var identifiers = reader.ReadIdentifiers();
        var (sequence, previous) = (reader.ReadNumber(), reader.ReadNumber());
        var outbox = WireFormat.ReadRef(ref reader, system);
        return new SessionDelivery(
            clientId,
            MessageCodec.Read(ref reader),
            (Broker.Protocol.Packets.QualityOfService)(flags & QoSMask),
            (flags & RetainFlag) != 0,
            identifiers,
            isShared: false,
            pending: null)
        {
            Sequence = sequence,
            Previous = previous,
            Outbox = outbox,
        };
    }
}
