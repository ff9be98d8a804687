namespace Broker.Protocol.Codec.Reading;

/// <summary>The topic filters of SUBSCRIBE and UNSUBSCRIBE; their wildcards are the broker's to judge, one by one.</summary>
internal static class TopicFilterReader
{
    public static string Read(ref PacketReader body)
    {
        var filter = body.ReadString();
        if (filter.Length == 0)
        {
            Fault.Protocol("an empty topic filter"); // [MQTT-4.7.3-1]
        }

        return filter;
    }
}
