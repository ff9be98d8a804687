using Broker.Protocol.Packets;
using Broker.Specs.Cluster.Harness;
using Broker.Specs.EndToEnd.Clients;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Cluster;

/// <summary>The clients that people use, through HAProxy: whichever nodes they come to.</summary>
[Collection(ClusterCollection.Name)]
public class LoadBalancedClientSpecs(ClusterFixture fixture, PahoCProgram pahoC) : IClassFixture<PahoCProgram>
{
    public static TheoryData<string, ProtocolVersion> EveryClient
    {
        get
        {
            var all = new TheoryData<string, ProtocolVersion>();
            foreach (var name in (string[])["MQTTnet", "mosquitto", "paho", "paho C", "MQTT.js"])
            {
                all.Add(name, ProtocolVersion.V311);
                all.Add(name, ProtocolVersion.V5);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(EveryClient))]
    public async Task Each_kind_of_client_receives_what_it_publishes_and_resumes_its_session(string name, ProtocolVersion version)
    {
        var cluster = await fixture.WholeAsync();
        var client = Client(name);
        var topic = Unique.Name("balanced");
        Connection Connect() => new(cluster.Endpoint, version, Security.None, Unique.Name("balanced"));

        // Three, so that with three nodes some are not where the publisher is.
        var subscribers = new List<IRunningClient>();
        foreach (var qos in Enum.GetValues<QualityOfService>())
        {
            subscribers.Add(await client.SubscribeAsync(Connect(), topic, qos, until: 2));
        }

        var persistent = Connect() with { Persistent = true };
        await using (var first = await client.SubscribeAsync(persistent, topic, ExactlyOnce, until: 0))
        {
            await first.EndAsync();
        }

        await client.PublishAsync(Connect(), new Outgoing(topic, ExactlyOnce, Retain: false, "1", "2"));

        foreach (var subscriber in subscribers)
        {
            await subscriber.EndAsync();
            subscriber.Received.Select(message => message.Payload).Should().Equal("1", "2");
            await subscriber.DisposeAsync();
        }

        await using var again = await client.SubscribeAsync(persistent, topic, ExactlyOnce, until: 2);
        await again.EndAsync();
        again.Received.Select(message => message.Payload).Should().Equal("1", "2");
    }

    private IClientUnderTest Client(string name) => name switch
    {
        "MQTTnet" => new MqttNetClient(),
        "mosquitto" => new MosquittoClient(),
        "paho" => new ScriptedClient("/usr/bin/python3", "python", "client.py"),
        "paho C" => pahoC.Client,
        _ => new ScriptedClient("node", "js", "client.js"),
    };
}
