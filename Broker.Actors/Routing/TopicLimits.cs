using System.Text;
using Broker.Actors.Hosting;

namespace Broker.Actors.Routing;

/// <summary>Bounds that the broker sets to topic names and filters, beyond the standard's.</summary>
internal static class TopicLimits
{
    /// <summary>What is wrong, for people, or null.</summary>
    public static string? Problem(string topic, LimitsOptions limits)
    {
        if (topic.Length * 3 > limits.MaxTopicLength && Encoding.UTF8.GetByteCount(topic) > limits.MaxTopicLength)
        {
            return $"longer than {limits.MaxTopicLength} bytes (mqtt.limits.max-topic-length)";
        }

        return topic.Length >= limits.MaxTopicLevels && topic.AsSpan().Count('/') >= limits.MaxTopicLevels
            ? $"more than {limits.MaxTopicLevels} levels (mqtt.limits.max-topic-levels)"
            : null;
    }
}
