using Broker.Actors.Routing;
using Broker.Protocol.Packets;
using Broker.Protocol.Topics;

namespace Broker.Bench.Routing;

/// <summary>What clients subscribe to.</summary>
public enum FilterShape
{
    /// <summary>A filter of five levels for each device.</summary>
    Exact,

    /// <summary>For each device a wildcard in the middle or at the end.</summary>
    Wildcard,

    /// <summary>Exact and wildcard filters in turn, one in twenty a member of one of 100 shared groups, one in ten for a whole site.</summary>
    Mixed,
}

/// <summary>Fills a tree, and knows topics that match.</summary>
internal static class FilterMix
{
    private const int Sites = 100;

    public static readonly SubscriptionOptions Options = new(QualityOfService.AtLeastOnce);

    public static string[] Filters(FilterShape shape, int count) => [.. Enumerable.Range(0, count).Select(i => Filter(shape, i))];

    /// <summary>Topics of devices picked at random, so that a large tree is met with cold caches.</summary>
    public static string[] Topics(int devices, int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(devices)).Select(device => $"site/{device % Sites}/device/{device}/temperature")];
    }

    public static void Fill(SubscriptionTree tree, string[] filters, Subscriber[] subscribers)
    {
        for (int i = 0; i < filters.Length; i++)
        {
            tree.Subscribe(subscribers[i % subscribers.Length], Parse(filters[i]), Options);
        }
    }

    public static TopicFilter Parse(string text) =>
        TopicFilter.TryParse(text, out TopicFilter? filter, out string? problem) ? filter! : throw new FormatException(problem);

    private static string Filter(FilterShape shape, int i) => (shape, i % 20) switch
    {
        (FilterShape.Exact, _) => Exact(i),
        (FilterShape.Wildcard, _) => Wildcard(i),
        (_, 0) => $"$share/workers/site/{i / 20 % Sites}/device/+/temperature",
        (_, 1 or 2) => $"site/{i % Sites}/#",
        (_, int turn) when turn % 2 == 0 => Exact(i),
        _ => Wildcard(i),
    };

    private static string Exact(int i) => $"site/{i % Sites}/device/{i}/temperature";

    private static string Wildcard(int i) => i % 2 == 0 ? $"site/{i % Sites}/device/{i}/#" : $"site/{i % Sites}/device/{i}/+";
}

/// <summary>Always there.</summary>
internal sealed class OnlineSubscriber : Subscriber
{
    public override bool IsOnline => true;
}
