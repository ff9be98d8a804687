using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Clients;

public class MosquittoClientSpecs(SharedBroker broker) : ClientScenarios(broker)
{
    private readonly SharedBroker _broker = broker;

    private protected override IClientUnderTest Client { get; } = new MosquittoClient();

    [Fact]
    public async Task Gets_the_answer_to_its_request()
    {
        var (topic, responseTopic) = (Unique.Name("clients/request"), Unique.Name("clients/response"));
        await using var responder = await _broker.Endpoint.ConnectAsync(V5);
        await responder.SubscribeAsync(topic, AtLeastOnce);

        var answer = MosquittoClient.RequestAsync(new Connection(_broker.Endpoint, V5, Security.None, Unique.Name("client")), topic, responseTopic, "question");
        var request = await responder.ReceiveAsync();
        request.Properties!.ResponseTopic.Should().Be(responseTopic);
        await responder.PublishAsync(new PublishPacket { Topic = responseTopic, QoS = AtLeastOnce, PacketId = 1, Payload = "answer"u8.ToArray() });

        (await answer).Should().Be("answer");
    }
}
