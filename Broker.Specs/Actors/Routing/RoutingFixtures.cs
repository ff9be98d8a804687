using Broker.Actors.Routing;
using Broker.Protocol.Packets;
using Broker.Protocol.Topics;

namespace Broker.Specs.Actors.Routing;

internal sealed class TestSubscriber(string name) : Subscriber
{
    public bool Online { get; set; } = true;

    public override bool IsOnline => Online;

    public override string ToString() => name;
}

internal static class Filters
{
    public static readonly SubscriptionOptions QoS0 = new(QualityOfService.AtMostOnce);

    /// <summary>Takes a valid filter apart.</summary>
    public static TopicFilter Of(string text)
    {
        if (!text.StartsWith("$share/", StringComparison.Ordinal))
        {
            return new TopicFilter(text, text, null);
        }

        string[] parts = text.Split('/', 3);
        return new TopicFilter(text, parts[2], parts[1]);
    }

    /// <summary>The rules of section 4.7 once more, as plainly as can be.</summary>
    public static bool Match(string filter, string topic)
    {
        string[] filterLevels = filter.Split('/');
        string[] topicLevels = topic.Split('/');
        if (topic.StartsWith('$') && (filterLevels[0] is "+" or "#"))
        {
            return false;
        }

        for (int i = 0; i < filterLevels.Length; i++)
        {
            if (filterLevels[i] == "#")
            {
                return true;
            }

            if (i == topicLevels.Length || (filterLevels[i] != "+" && filterLevels[i] != topicLevels[i]))
            {
                return false;
            }
        }

        return filterLevels.Length == topicLevels.Length;
    }
}
