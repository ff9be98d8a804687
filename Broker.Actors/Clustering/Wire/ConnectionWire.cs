using Akka.Actor;
using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Actors.Storage.Encoding;
using Broker.Protocol.Packets;

namespace Broker.Actors.Clustering.Wire;

/// <summary>What reaches a connection: an envelope with one of <see cref="ConnectionProtocol"/> in it.</summary>
internal static class ConnectionWire
{
    private const byte RetainFlag = 0x04;
    private const byte DuplicateFlag = 0x08;

    public static IReadOnlyList<WireFormat> Formats { get; } =
    [
        new WireFormat<ConnectionRegistry.ToConnection>("cc", Write, Read),
        new WireFormat<ConnectionRegistry.CloseConfirmed>(
            "cx",
            static (writer, message) =>
            {
                writer.WriteString(message.ClientId);
                writer.WriteNumber(message.Number);
            },
            static (ref ByteReader reader, ExtendedActorSystem _) => new ConnectionRegistry.CloseConfirmed(reader.ReadString(), reader.ReadNumber())),
    ];

    private static void Write(ByteWriter writer, ConnectionRegistry.ToConnection message)
    {
        writer.WriteString(message.ClientId);
        writer.WriteNumber(message.Number);
        writer.WriteMark(message.Mark);
        switch (message.Command)
        {
            case ConnectionProtocol.SessionBound bound:
                writer.WriteByte(1);
                writer.WriteFlag(bound.SessionPresent);
                writer.WriteFlag(bound.IsDurable);
                writer.WriteNumber(bound.Attempt);
                writer.WriteOptionalNode(bound.Home);
                break;
            case ConnectionProtocol.SessionRefused refused:
                writer.WriteByte(2);
                writer.WriteByte((byte)refused.ReasonCode);
                writer.WriteString(refused.Reason);
                break;
            case ConnectionProtocol.Disconnect disconnect:
                writer.WriteByte(3);
                writer.WriteByte((byte)disconnect.ReasonCode);
                writer.WriteString(disconnect.Reason);
                break;
            case ConnectionProtocol.Deliveries deliveries:
                writer.WriteByte(4);
                writer.WriteNumber(deliveries.Items.Count);
                foreach (var item in deliveries.Items)
                {
                    writer.WriteNumber(item.PacketId);
                    writer.WriteNumber(item.Position);
                    WriteDelivery(writer, item.Delivery, item.Duplicate);
                }

                break;
            case ConnectionProtocol.Release release:
                writer.WriteByte(5);
                writer.WriteNumber(release.PacketId);
                writer.WriteByte((byte)release.ReasonCode);
                writer.WriteNumber(release.Position);
                break;
            case ConnectionProtocol.Unnumbered unnumbered:
                writer.WriteByte(6);
                writer.WriteNumber(unnumbered.Items.Count);
                foreach (var item in unnumbered.Items)
                {
                    WriteDelivery(writer, item, duplicate: false);
                }

                break;
            case ConnectionProtocol.Subscribed subscribed:
                writer.WriteByte(7);
                writer.WriteNumber(subscribed.PacketId);
                writer.WriteReasonCodes(subscribed.ReasonCodes);
                break;
            case ConnectionProtocol.Unsubscribed unsubscribed:
                writer.WriteByte(8);
                writer.WriteNumber(unsubscribed.PacketId);
                writer.WriteReasonCodes(unsubscribed.ReasonCodes);
                break;
            case ConnectionProtocol.InboundNumbered numbered:
                writer.WriteByte(9);
                writer.WriteNumber(numbered.PacketId);
                writer.WriteNumber(numbered.Id.Origin);
                writer.WriteNumber(numbered.Id.Number);
                writer.WriteNumber(numbered.LowestUnreleased);
                writer.WriteFlag(numbered.AlreadyRouted);
                writer.WriteNumber(numbered.Refusal is { } refusal ? (byte)refusal : -1);
                writer.WriteOptionalBytes(numbered.Picks);
                break;
            case ConnectionProtocol.InboundReleased released:
                writer.WriteByte(10);
                writer.WriteNumber(released.PacketId);
                writer.WriteFlag(released.WasKnown);
                break;
            case ConnectionProtocol.Renumber renumber:
                writer.WriteByte(11);
                writer.WriteNumber(renumber.Above);
                break;
            case ConnectionProtocol.Resume:
                writer.WriteByte(12);
                break;
            case ConnectionProtocol.Attached attached:
                writer.WriteByte(13);
                writer.WriteNumber(attached.Attachment);
                writer.WriteOptionalNode(attached.Home);
                break;
            case ConnectionProtocol.Check check:
                writer.WriteByte(14);
                writer.WriteMark(check.Told);
                break;
            default:
                throw new ArgumentException($"{message.Command.GetType()} is for connections of this node.", nameof(message));
        }
    }

    private static ConnectionRegistry.ToConnection Read(ref ByteReader reader, ExtendedActorSystem system)
    {
        var (clientId, number, mark) = (reader.ReadString(), reader.ReadNumber(), reader.ReadMark());
        return new ConnectionRegistry.ToConnection(clientId, number, ReadCommand(ref reader)) { Mark = mark };
    }

    private static object ReadCommand(ref ByteReader reader) => reader.ReadByte() switch
    {
        1 => new ConnectionProtocol.SessionBound(reader.ReadFlag(), reader.ReadFlag(), reader.ReadInteger(), reader.ReadOptionalNode()),
        2 => new ConnectionProtocol.SessionRefused((ReasonCode)reader.ReadByte(), reader.ReadString()),
        3 => new ConnectionProtocol.Disconnect((ReasonCode)reader.ReadByte(), reader.ReadString()),
        4 => new ConnectionProtocol.Deliveries(ReadNumbered(ref reader)),
        5 => new ConnectionProtocol.Release(reader.ReadPacketId(), (ReasonCode)reader.ReadByte(), reader.ReadNumber()),
        6 => new ConnectionProtocol.Unnumbered(ReadUnnumbered(ref reader)),
        7 => new ConnectionProtocol.Subscribed(reader.ReadPacketId(), reader.ReadReasonCodes()),
        8 => new ConnectionProtocol.Unsubscribed(reader.ReadPacketId(), reader.ReadReasonCodes()),
        9 => new ConnectionProtocol.InboundNumbered(
            reader.ReadPacketId(),
            new MessageId(reader.ReadNumber(), reader.ReadNumber()),
            reader.ReadNumber(),
            reader.ReadFlag(),
            reader.ReadNumber() is var refusal && refusal >= 0 ? (ReasonCode)refusal : null,
            reader.ReadOptionalBytes()),
        10 => new ConnectionProtocol.InboundReleased(reader.ReadPacketId(), reader.ReadFlag()),
        11 => new ConnectionProtocol.Renumber(reader.ReadNumber()),
        12 => new ConnectionProtocol.Resume(),
        13 => new ConnectionProtocol.Attached(reader.ReadInteger(), reader.ReadOptionalNode()),
        14 => new ConnectionProtocol.Check(reader.ReadMark()),
        var kind => throw new FormatException($"{kind} is nothing that a connection is told"),
    };

    private static NumberedDelivery[] ReadNumbered(ref ByteReader reader)
    {
        var items = new NumberedDelivery[reader.ReadCount()];
        for (var i = 0; i < items.Length; i++)
        {
            var (packetId, position) = (reader.ReadPacketId(), reader.ReadNumber());
            var delivery = ReadDelivery(ref reader, out var duplicate);
            items[i] = new NumberedDelivery(delivery, packetId, duplicate, position);
        }

        return items;
    }

    private static Delivery[] ReadUnnumbered(ref ByteReader reader)
    {
        var items = new Delivery[reader.ReadCount()];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = ReadDelivery(ref reader, out _);
        }

        return items;
    }

    private static void WriteDelivery(ByteWriter writer, in Delivery delivery, bool duplicate)
    {
        writer.WriteByte((byte)((int)delivery.QoS | (delivery.Retain ? RetainFlag : 0) | (duplicate ? DuplicateFlag : 0)));
        writer.WriteIdentifiers(delivery.SubscriptionIdentifiers);
        MessageCodec.Write(writer, delivery.Publication);
    }

    private static Delivery ReadDelivery(ref ByteReader reader, out bool duplicate)
    {
        var flags = reader.ReadByte();
        duplicate = (flags & DuplicateFlag) != 0;
        var identifiers = reader.ReadIdentifiers();
        return new Delivery(MessageCodec.Read(ref reader), (QualityOfService)(flags & 0x03), (flags & RetainFlag) != 0, identifiers);
    }
}
