using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Actors.Storage.Encoding;
using Broker.Protocol.Packets;
using Broker.Protocol.Topics;

namespace Broker.Actors.Clustering.Wire;

/// <summary>One filter of a SUBSCRIBE, as part of other forms.</summary>
internal static class SubscriptionWire
{
    private const byte NoLocalFlag = 0x04;
    private const byte RetainAsPublishedFlag = 0x08;
    private const byte FilterFlag = 0x10;

    public static void Write(ByteWriter writer, RequestedSubscription subscription)
    {
        var options = subscription.Options;
        writer.WriteByte((byte)((int)options.QoS
            | (options.NoLocal ? NoLocalFlag : 0)
            | (options.RetainAsPublished ? RetainAsPublishedFlag : 0)
            | (subscription.Filter is null ? 0 : FilterFlag)));
        writer.WriteNumber(options.SubscriptionIdentifier);
        writer.WriteByte((byte)subscription.RetainHandling);
        writer.WriteByte((byte)subscription.ReasonCode);
        if (subscription.Filter is { } filter)
        {
            writer.WriteString(filter.Text);
        }
    }

    /// <exception cref="FormatException">This is none.</exception>
    public static RequestedSubscription Read(ref ByteReader reader)
    {
        var flags = reader.ReadByte();
        var options = new SubscriptionOptions(
            (QualityOfService)(flags & 0x03), (flags & NoLocalFlag) != 0, (flags & RetainAsPublishedFlag) != 0, (uint)reader.ReadNumber());
        var retainHandling = (RetainHandling)reader.ReadByte();
        var reasonCode = (ReasonCode)reader.ReadByte();
        if ((flags & FilterFlag) == 0)
        {
            return new RequestedSubscription(null, options, retainHandling, reasonCode);
        }

        var text = reader.ReadString();
        return TopicFilter.TryParse(text, out var filter, out var problem)
            ? new RequestedSubscription(filter, options, retainHandling, reasonCode)
            : throw new FormatException($"\"{text}\": {problem}");
    }
}
