using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>
/// The topic aliases that a client has set on this connection (section 3.3.2.3.4). Single-threaded; holds no table before
/// the first.
/// </summary>
/// <param name="maximum">Topic Alias Maximum told to the client, 0 to 65,535.</param>
internal sealed class InboundTopicAliases(int maximum)
{
    private const int SmallestCapacity = 4;

    private string?[] _topics = [];

    /// <summary>
    /// The topic that a PUBLISH means; sets the alias where it comes with a topic.
    /// </summary>
    /// <param name="topic">As received, maybe empty.</param>
    /// <param name="alias">As received; 0: none.</param>
    /// <param name="resolved">The topic; empty when there is a problem.</param>
    /// <returns>
    /// Success, or what ends the connection: 0x94 for an alias above the maximum [MQTT-3.3.2-9], 0x82 for an empty topic
    /// without an alias, or with one that has not been set.
    /// </returns>
    public ReasonCode Resolve(string topic, ushort alias, out string resolved)
    {
        resolved = topic;
        if (alias == 0)
        {
            return topic.Length > 0 ? ReasonCode.Success : ReasonCode.ProtocolError;
        }

        if (alias > maximum)
        {
            resolved = "";
            return ReasonCode.TopicAliasInvalid;
        }

        if (topic.Length > 0)
        {
            Set(alias, topic);
            return ReasonCode.Success;
        }

        resolved = (alias <= _topics.Length ? _topics[alias - 1] : null) ?? "";
        return resolved.Length > 0 ? ReasonCode.Success : ReasonCode.ProtocolError;
    }

    private void Set(ushort alias, string topic)
    {
        if (alias > _topics.Length)
        {
            int capacity = Math.Max(Math.Max(SmallestCapacity, (int)alias), _topics.Length * 2);
            Array.Resize(ref _topics, Math.Min(capacity, maximum));
        }

        _topics[alias - 1] = topic;
    }
}
