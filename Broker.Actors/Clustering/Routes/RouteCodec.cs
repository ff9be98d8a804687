using Broker.Actors.Routing;
using Broker.Actors.Storage.Encoding;
using Broker.Protocol.Packets;

namespace Broker.Actors.Clustering.Routes;

/// <summary>Changes of routes in bytes, one behind the other. What a kind's number means never changes.</summary>
internal static class RouteCodec
{
    private const byte QoSMask = 0x03;
    private const byte NoLocalFlag = 0x04;
    private const byte RetainAsPublishedFlag = 0x08;

    private enum Kind : byte
    {
        FilterAdded = 1,
        FilterRemoved = 2,
        MemberJoined = 3,
        MemberLeft = 4,
        ClientConnected = 5,
        ClientGone = 6,
        DurableSubscribed = 7,
        DurableUnsubscribed = 8,
        DurableRecovered = 9,
        DurableEnded = 10,
    }

    public static void Write(ByteWriter writer, RouteChange change)
    {
        switch (change)
        {
            case RouteChange.FilterAdded added:
                Write(writer, Kind.FilterAdded, added.Filter);
                break;
            case RouteChange.FilterRemoved removed:
                Write(writer, Kind.FilterRemoved, removed.Filter);
                break;
            case RouteChange.MemberJoined joined:
                Write(writer, Kind.MemberJoined, joined.Filter);
                writer.WriteNumber(joined.Connection);
                Write(writer, joined.Options);
                break;
            case RouteChange.MemberLeft left:
                Write(writer, Kind.MemberLeft, left.Filter);
                writer.WriteNumber(left.Connection);
                break;
            case RouteChange.ClientConnected connected:
                Write(writer, Kind.ClientConnected, connected.ClientId);
                writer.WriteNumber(connected.Connection);
                break;
            case RouteChange.ClientGone gone:
                Write(writer, Kind.ClientGone, gone.ClientId);
                writer.WriteNumber(gone.Connection);
                break;
            case RouteChange.DurableSubscribed subscribed:
                Write(writer, Kind.DurableSubscribed, subscribed.Mark);
                writer.WriteString(subscribed.Filter);
                Write(writer, subscribed.Options);
                break;
            case RouteChange.DurableUnsubscribed unsubscribed:
                Write(writer, Kind.DurableUnsubscribed, unsubscribed.Mark);
                writer.WriteString(unsubscribed.Filter);
                break;
            case RouteChange.DurableRecovered recovered:
                Write(writer, Kind.DurableRecovered, recovered.Mark);
                break;
            case RouteChange.DurableEnded ended:
                Write(writer, Kind.DurableEnded, ended.ClientId);
                writer.WriteNumber(ended.Session);
                break;
            default:
                throw new ArgumentException($"{change.GetType()} has no form.", nameof(change));
        }
    }

    /// <exception cref="FormatException">This is no change that this version knows.</exception>
    public static RouteChange Read(ref ByteReader reader)
    {
        var kind = (Kind)reader.ReadByte();
        var text = reader.ReadString();
        return kind switch
        {
            Kind.FilterAdded => new RouteChange.FilterAdded(text),
            Kind.FilterRemoved => new RouteChange.FilterRemoved(text),
            Kind.MemberJoined => new RouteChange.MemberJoined(reader.ReadNumber(), text, ReadOptions(ref reader)),
            Kind.MemberLeft => new RouteChange.MemberLeft(reader.ReadNumber(), text),
            Kind.ClientConnected => new RouteChange.ClientConnected(text, reader.ReadNumber()),
            Kind.ClientGone => new RouteChange.ClientGone(text, reader.ReadNumber()),
            Kind.DurableSubscribed => new RouteChange.DurableSubscribed(ReadMark(text, ref reader), reader.ReadString(), ReadOptions(ref reader)),
            Kind.DurableUnsubscribed => new RouteChange.DurableUnsubscribed(ReadMark(text, ref reader), reader.ReadString()),
            Kind.DurableRecovered => new RouteChange.DurableRecovered(ReadMark(text, ref reader)),
            Kind.DurableEnded => new RouteChange.DurableEnded(text, reader.ReadNumber()),
            _ => throw new FormatException($"a change of routes has the kind {(byte)kind}"),
        };
    }

    private static void Write(ByteWriter writer, Kind kind, string text)
    {
        writer.WriteByte((byte)kind);
        writer.WriteString(text);
    }

    private static void Write(ByteWriter writer, Kind kind, DurableMark mark)
    {
        Write(writer, kind, mark.ClientId);
        writer.WriteNumber(mark.Session);
        writer.WriteNumber(mark.Sequence);
    }

    private static void Write(ByteWriter writer, SubscriptionOptions options)
    {
        writer.WriteByte((byte)((int)options.QoS
            | (options.NoLocal ? NoLocalFlag : 0)
            | (options.RetainAsPublished ? RetainAsPublishedFlag : 0)));
        writer.WriteNumber(options.SubscriptionIdentifier);
    }

    private static DurableMark ReadMark(string clientId, ref ByteReader reader) => new(clientId, reader.ReadNumber(), reader.ReadNumber());

    private static SubscriptionOptions ReadOptions(ref ByteReader reader)
    {
        var flags = reader.ReadByte();
        return new SubscriptionOptions(
            (QualityOfService)(flags & QoSMask), (flags & NoLocalFlag) != 0, (flags & RetainAsPublishedFlag) != 0, (uint)reader.ReadNumber());
    }
}
