using Broker.Specs.Cluster.Harness;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Cluster;

/// <summary>After SUBACK every member routes to the new subscription (promise 5).</summary>
[Collection(ClusterCollection.Name)]
public class SubscribeThenPublishSpecs(ClusterFixture fixture)
{
    [Fact]
    public async Task A_publish_elsewhere_that_starts_after_SUBACK_arrives()
    {
        var nodes = (await fixture.WholeAsync()).Nodes;
        var root = Unique.Name("routes");
        var clients = new List<RawClient>();
        foreach (var node in nodes)
        {
            clients.Add(await node.Endpoint.ConnectAsync(V5));
        }

        for (var trial = 0; trial < Repetitions.Of(usual: 300, @long: 10_000); trial++)
        {
            var (subscriber, publisher) = (clients[trial % 3], clients[(trial + 1 + (trial / 3 % 2)) % 3]);
            var topic = $"{root}/{trial}";
            await subscriber.SubscribeAsync(trial % 5 == 0 ? topic + "/#" : topic, AtLeastOnce);

            await publisher.PublishAsync(topic, $"{trial}", trial % 2 == 0 ? AtMostOnce : AtLeastOnce);

            (await subscriber.ReceiveAsync()).Text().Should().Be($"{trial}");
            await subscriber.UnsubscribeAsync(trial % 5 == 0 ? topic + "/#" : topic);
        }

        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }
}
