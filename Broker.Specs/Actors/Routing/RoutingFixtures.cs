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
        TopicFilter.TryParse(text, out TopicFilter? filter, out string? problem).Should().BeTrue(problem);
        return filter!;
    }
}
