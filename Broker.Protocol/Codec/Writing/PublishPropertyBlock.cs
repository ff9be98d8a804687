using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Writing;

/// <summary>The properties of a PUBLISH (section 3.3.2.3): those of this transfer, then those of the message.</summary>
internal readonly struct PublishPropertyBlock(
    ushort topicAlias, IReadOnlyList<uint>? subscriptionIdentifiers, PublishProperties? message, uint? remainingExpirySeconds)
{
    public ushort TopicAlias => topicAlias;

    private bool IsEmpty =>
        topicAlias == 0 && subscriptionIdentifiers is null && message is null && remainingExpirySeconds is null;

    /// <summary>Bytes that <see cref="Write"/> takes.</summary>
    public int Count()
    {
        if (IsEmpty)
        {
            return 0;
        }

        var counter = PacketWriter.Counter();
        Write(ref counter);
        return counter.Length;
    }

    public void Write(ref PacketWriter writer)
    {
        if (topicAlias != 0)
        {
            writer.Property(PropertyId.TopicAlias, (ushort?)topicAlias);
        }

        if (subscriptionIdentifiers is not null)
        {
            for (var i = 0; i < subscriptionIdentifiers.Count; i++)
            {
                writer.SubscriptionIdentifier(subscriptionIdentifiers[i]);
            }
        }

        MessagePropertiesWriter.Write(ref writer, message, remainingExpirySeconds);
    }
}
