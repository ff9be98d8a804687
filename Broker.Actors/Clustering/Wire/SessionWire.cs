using System.Text.Json;
using Akka.Actor;
using Broker.Actors.Connections;
using Broker.Actors.Inspection;
using Broker.Actors.Sessions;
using Broker.Actors.Storage.Encoding;
using Broker.Protocol.Packets;

namespace Broker.Actors.Clustering.Wire;

/// <summary>What reaches the entity of a client id, but for deliveries.</summary>
internal static class SessionWire
{
    public static IReadOnlyList<WireFormat> Formats { get; } =
    [
        new WireFormat<SessionProtocol.Connect>("sc", WriteConnect, ReadConnect),
        new WireFormat<SessionProtocol.ConnectionClosed>("sx", WriteClosed, ReadClosed),
        new WireFormat<SessionProtocol.Attach>("sa", WriteAttach, ReadAttach),
        new WireFormat<SessionProtocol.Subscribe>("ss", WriteSubscribe, static (ref ByteReader reader, ExtendedActorSystem _) => ReadSubscribe(ref reader)),
        new WireFormat<SessionProtocol.Unsubscribe>(
            "su", WriteUnsubscribe, static (ref ByteReader reader, ExtendedActorSystem _) => ReadUnsubscribe(ref reader)),
        new WireFormat<SessionProtocol.Acknowledged>("sk", WriteAcknowledged, ReadAcknowledged),
        new WireFormat<SessionProtocol.NumberInbound>("sn", WriteNumberInbound, ReadNumberInbound),
        Packet("st", static message => message.PacketId, static (client, number, packetId) => new SessionProtocol.InboundRouted(client, number, packetId)),
        Packet("sr", static message => message.PacketId, static (client, number, packetId) => new SessionProtocol.ReleaseInbound(client, number, packetId)),
        Packet("sf", static message => message.PacketId, static (client, number, packetId) => new SessionProtocol.ForgetInbound(client, number, packetId)),
        new WireFormat<SessionProtocol.Checked>(
            "sh",
            static (writer, message) => WriteHead(writer, message),
            static (ref ByteReader reader, ExtendedActorSystem _) =>
                new SessionProtocol.Checked(reader.ReadString(), reader.ReadNumber()) { Mark = reader.ReadMark() }),
        new WireFormat<SessionProtocol.Ping>(
            "sp",
            static (writer, message) => WriteAsked(writer, message.ClientId, message.ReplyTo),
            static (ref ByteReader reader, ExtendedActorSystem system) => new SessionProtocol.Ping(reader.ReadString(), WireFormat.ReadRef(ref reader, system))),
        new WireFormat<SessionProtocol.Pong>("so", static (_, _) => { }, static (ref ByteReader _, ExtendedActorSystem _) => new SessionProtocol.Pong()),
        new WireFormat<SessionProtocol.Wake>(
            "sw",
            static (writer, message) => writer.WriteString(message.ClientId),
            static (ref ByteReader reader, ExtendedActorSystem _) => new SessionProtocol.Wake(reader.ReadString())),
        new WireFormat<SessionProtocol.Discard>(
            "sd",
            static (writer, message) => WriteAsked(writer, message.ClientId, message.ReplyTo),
            static (ref ByteReader reader, ExtendedActorSystem system) => new SessionProtocol.Discard(reader.ReadString(), WireFormat.ReadRef(ref reader, system))),
        new WireFormat<SessionProtocol.Describe>(
            "sq",
            static (writer, message) => WriteAsked(writer, message.ClientId, message.ReplyTo),
            static (ref ByteReader reader, ExtendedActorSystem system) => new SessionProtocol.Describe(reader.ReadString(), WireFormat.ReadRef(ref reader, system))),
        new WireFormat<SessionProtocol.Described>("sv", WriteDescribed, ReadDescribed),
    ];

    private static void WriteDescribed(ByteWriter writer, SessionProtocol.Described message) => writer.WriteOptional(
        message.Session, static (writer, session) => writer.WriteBytes(JsonSerializer.SerializeToUtf8Bytes(session, InspectionJson.Default.SessionDescription)));

    private static SessionProtocol.Described ReadDescribed(ref ByteReader reader, ExtendedActorSystem system)
    {
        if (!reader.ReadFlag())
        {
            return new SessionProtocol.Described(null);
        }

        try
        {
            return new SessionProtocol.Described(JsonSerializer.Deserialize(reader.ReadBytes(), InspectionJson.Default.SessionDescription));
        }
        catch (JsonException problem)
        {
            throw new FormatException("it is no description of a session: " + problem.Message, problem);
        }
    }

    private static WireFormat<T> Packet<T>(string manifest, Func<T, ushort> packetId, Func<string, long, ushort, T> make)
        where T : SessionProtocol.FromConnection =>
        new(
            manifest,
            (writer, message) =>
            {
                WriteHead(writer, message);
                writer.WriteNumber(packetId(message));
            },
            (ref ByteReader reader, ExtendedActorSystem _) =>
            {
                var (client, number, mark) = ReadHead(ref reader);
                var message = make(client, number, reader.ReadPacketId());
                message.Mark = mark;
                return message;
            });

    private static void WriteNumberInbound(ByteWriter writer, SessionProtocol.NumberInbound message)
    {
        WriteHead(writer, message);
        writer.WriteNumber(message.PacketId);
        writer.WriteOptionalBytes(message.Picks);
        writer.WriteFlag(message.Renews);
    }

    private static SessionProtocol.NumberInbound ReadNumberInbound(ref ByteReader reader, ExtendedActorSystem system)
    {
        var (client, number, mark) = ReadHead(ref reader);
        return new SessionProtocol.NumberInbound(client, number, reader.ReadPacketId(), reader.ReadOptionalBytes(), reader.ReadFlag()) { Mark = mark };
    }

    private static void WriteConnect(ByteWriter writer, SessionProtocol.Connect message)
    {
        writer.WriteString(message.ClientId);
        writer.WriteConnection(message.Connection);
        writer.WriteFlag(message.CleanStart);
        writer.WriteTime(message.SessionExpiry);
        writer.WriteNumber(message.ReceiveMaximum);
        writer.WriteOptional(message.Will, WillCodec.Write);
        writer.WriteNumber(message.Attempt);
        if (message.WillAuthor is { } author)
        {
            IdentityCodec.Write(writer, author);
        }
    }

    private static SessionProtocol.Connect ReadConnect(ref ByteReader reader, ExtendedActorSystem system) => new(
        reader.ReadString(),
        reader.ReadConnection(system),
        reader.ReadFlag(),
        reader.ReadTime() ?? TimeSpan.Zero,
        reader.ReadInteger(),
        reader.ReadFlag() ? WillCodec.Read(ref reader) : null,
        reader.ReadInteger(),
        reader.IsAtEnd ? null : IdentityCodec.Read(ref reader));

    private static void WriteClosed(ByteWriter writer, SessionProtocol.ConnectionClosed message)
    {
        writer.WriteString(message.ClientId);
        writer.WriteNumber(message.ConnectionNumber);
        writer.WriteFlag(message.DiscardWill);
        writer.WriteTime(message.SessionExpiry);
        writer.WriteOptional(message.ConfirmTo, WireFormat.WriteRef);
    }

    private static SessionProtocol.ConnectionClosed ReadClosed(ref ByteReader reader, ExtendedActorSystem system) => new(
        reader.ReadString(),
        reader.ReadNumber(),
        reader.ReadFlag(),
        reader.ReadTime(),
        reader.ReadFlag() ? WireFormat.ReadRef(ref reader, system) : null);

    private static void WriteAttach(ByteWriter writer, SessionProtocol.Attach message)
    {
        writer.WriteString(message.ClientId);
        writer.WriteConnection(message.Connection);
        writer.WriteNumber(message.Attachment);
        writer.WriteNumber(message.ReceiveMaximum);
        writer.WriteNumber(message.HighestPosition);
        writer.WriteNumber(message.Outbound.Count);
        foreach (var report in message.Outbound)
        {
            writer.WriteNumber(report.PacketId);
            writer.WriteNumber(report.Position);
            writer.WriteByte((byte)report.QoS);
            writer.WriteByte((byte)report.Step);
        }

        writer.WriteNumber(message.Inbound.Count);
        foreach (var report in message.Inbound)
        {
            writer.WriteNumber(report.PacketId);
            writer.WriteByte((byte)report.Step);
            writer.WriteOptionalBytes(report.Picks);
            writer.WriteFlag(report.RenewsPicks);
        }

        writer.WriteOptional(message.Subscribe, WriteSubscribe);
        writer.WriteOptional(message.Unsubscribe, WriteUnsubscribe);
    }

    private static SessionProtocol.Attach ReadAttach(ref ByteReader reader, ExtendedActorSystem system)
    {
        var clientId = reader.ReadString();
        var connection = reader.ReadConnection(system);
        var (attachment, receiveMaximum, highest) = (reader.ReadInteger(), reader.ReadInteger(), reader.ReadNumber());
        var outbound = new OutboundReport[reader.ReadCount()];
        for (var i = 0; i < outbound.Length; i++)
        {
            outbound[i] = new OutboundReport(reader.ReadPacketId(), reader.ReadNumber(), reader.ReadQoS(), (OutboundProgress)reader.ReadByte());
        }

        var inbound = new InboundReport[reader.ReadCount()];
        for (var i = 0; i < inbound.Length; i++)
        {
            inbound[i] = new InboundReport(
                reader.ReadPacketId(), (InboundProgress)reader.ReadByte(), reader.ReadOptionalBytes(), reader.ReadFlag());
        }

        return new SessionProtocol.Attach(
            clientId,
            connection,
            attachment,
            receiveMaximum,
            highest,
            outbound,
            inbound,
            reader.ReadFlag() ? ReadSubscribe(ref reader) : null,
            reader.ReadFlag() ? ReadUnsubscribe(ref reader) : null);
    }

    private static void WriteSubscribe(ByteWriter writer, SessionProtocol.Subscribe message)
    {
        WriteHead(writer, message);
        writer.WriteNumber(message.PacketId);
        writer.WriteNumber(message.Subscriptions.Count);
        foreach (var subscription in message.Subscriptions)
        {
            SubscriptionWire.Write(writer, subscription);
        }
    }

    private static SessionProtocol.Subscribe ReadSubscribe(ref ByteReader reader)
    {
        var (client, number, mark) = ReadHead(ref reader);
        var packetId = reader.ReadPacketId();
        var subscriptions = new RequestedSubscription[reader.ReadCount()];
        for (var i = 0; i < subscriptions.Length; i++)
        {
            subscriptions[i] = SubscriptionWire.Read(ref reader);
        }

        return new SessionProtocol.Subscribe(client, number, packetId, subscriptions) { Mark = mark };
    }

    private static void WriteUnsubscribe(ByteWriter writer, SessionProtocol.Unsubscribe message)
    {
        WriteHead(writer, message);
        writer.WriteNumber(message.PacketId);
        writer.WriteNumber(message.Filters.Count);
        foreach (var filter in message.Filters)
        {
            writer.WriteString(filter);
        }
    }

    private static SessionProtocol.Unsubscribe ReadUnsubscribe(ref ByteReader reader)
    {
        var (client, number, mark) = ReadHead(ref reader);
        var packetId = reader.ReadPacketId();
        var filters = new string[reader.ReadCount()];
        for (var i = 0; i < filters.Length; i++)
        {
            filters[i] = reader.ReadString();
        }

        return new SessionProtocol.Unsubscribe(client, number, packetId, filters) { Mark = mark };
    }

    private static void WriteAcknowledged(ByteWriter writer, SessionProtocol.Acknowledged message)
    {
        WriteHead(writer, message);
        writer.WriteByte((byte)message.Type);
        writer.WriteNumber(message.PacketId);
        writer.WriteByte((byte)message.ReasonCode);
    }

    private static SessionProtocol.Acknowledged ReadAcknowledged(ref ByteReader reader, ExtendedActorSystem system)
    {
        var (client, number, mark) = ReadHead(ref reader);
        return new SessionProtocol.Acknowledged(
            client, number, (PacketType)reader.ReadByte(), reader.ReadPacketId(), (ReasonCode)reader.ReadByte())
        { Mark = mark };
    }

    private static void WriteHead(ByteWriter writer, SessionProtocol.FromConnection message)
    {
        writer.WriteString(message.ClientId);
        writer.WriteNumber(message.ConnectionNumber);
        writer.WriteMark(message.Mark);
    }

    private static (string ClientId, long Number, LaneMark Mark) ReadHead(ref ByteReader reader) =>
        (reader.ReadString(), reader.ReadNumber(), reader.ReadMark());

    private static void WriteAsked(ByteWriter writer, string clientId, IActorRef replyTo)
    {
        writer.WriteString(clientId);
        WireFormat.WriteRef(writer, replyTo);
    }
}
