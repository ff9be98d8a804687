using System.Text;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Durable.Restart;

/// <summary>
/// Promise 3: the broker is killed between any two steps of a QoS 2 handshake, a client of its own at each step; every client goes on where it was, and
/// every message arrives once.
/// </summary>
public class HandshakeSpecs
{
    private const ushort PacketId = 7;

    [Theory]
    [EveryVersion]
    public async Task A_publisher_goes_on_at_any_step(ProtocolVersion version)
    {
        await using var broker = await BrokerProcess.StartAsync();
        await using (var reader = await broker.Endpoint.ConnectPersistentAsync(V5, "reader"))
        {
            await reader.SubscribeAsync("handshake/#");
            await reader.DisconnectAsync();
        }

        await using var sent = await broker.Endpoint.ConnectPersistentAsync(version, "sent");
        await using var received = await broker.Endpoint.ConnectPersistentAsync(version, "received");
        await using var released = await broker.Endpoint.ConnectPersistentAsync(version, "released");
        await using var completed = await broker.Endpoint.ConnectPersistentAsync(version, "completed");
        foreach (var client in (RawClient[])[received, released, completed])
        {
            await client.SendAsync(Publish(Name(client)));
            (await client.ExpectAsync<PubRecPacket>()).ReasonCode.Should().Be(ReasonCode.Success);
        }

        await completed.SendAsync(new PubRelPacket { PacketId = PacketId });
        await completed.ExpectAsync<PubCompPacket>();

        // Whether the broker still takes these two is left to chance.
        await released.SendAsync(new PubRelPacket { PacketId = PacketId });
        await sent.SendAsync(Publish("sent"));
        await broker.KillAsync();
        await using var again = await broker.StartAgainAsync();

        await using var sentAgain = await ResumeAsync(again, version, "sent");
        await sentAgain.SendAsync(Publish("sent", duplicate: true));
        (await sentAgain.ExpectAsync<PubRecPacket>()).ReasonCode.Should().Be(ReasonCode.Success);
        await using var receivedAgain = await ResumeAsync(again, version, "received");
        await receivedAgain.SendAsync(Publish("received", duplicate: true));
        (await receivedAgain.ExpectAsync<PubRecPacket>()).ReasonCode.Should().Be(ReasonCode.Success, "a client may not have got it before");
        await using var releasedAgain = await ResumeAsync(again, version, "released");
        foreach (var client in (RawClient[])[sentAgain, receivedAgain, releasedAgain])
        {
            await client.SendAsync(new PubRelPacket { PacketId = PacketId });
            await client.ExpectAsync<PubCompPacket>();
        }

        await using var completedAgain = await ResumeAsync(again, version, "completed");
        await completedAgain.SendAsync(Publish("another"));
        (await completedAgain.ExpectAsync<PubRecPacket>()).ReasonCode.Should().Be(ReasonCode.Success, "the packet id is free again");

        await using var late = await again.Endpoint.ConnectPersistentAsync(V5, "reader");
        (await late.ReceiveTextsAsync(5)).Should().BeEquivalentTo("sent", "received", "released", "completed", "another");
        await late.ExpectNothingAsync();

        string Name(RawClient client) => client == received ? "received" : client == released ? "released" : "completed";
    }

    [Theory]
    [EveryVersion]
    public async Task A_subscriber_goes_on_at_any_step(ProtocolVersion version)
    {
        await using var broker = await BrokerProcess.StartAsync();
        await using var published = await SubscribedAsync(broker, version, "published");
        await using var received = await SubscribedAsync(broker, version, "received");
        await using var released = await SubscribedAsync(broker, version, "released");
        await using var completed = await SubscribedAsync(broker, version, "completed");
        await using (var publisher = await broker.Endpoint.ConnectAsync(V5))
        {
            await publisher.PublishAsync("handshake/1", "once", ExactlyOnce);
        }

        var publishedId = (await published.ExpectAsync<PublishPacket>()).PacketId;
        var receivedId = (await received.ExpectAsync<PublishPacket>()).PacketId;
        var releasedId = (await released.ExpectAsync<PublishPacket>()).PacketId;
        await released.SendAsync(new PubRecPacket { PacketId = releasedId });
        await released.ExpectAsync<PubRelPacket>();
        await completed.ReceiveAsync();

        // Whether the broker still takes these two, PUBREC and PUBCOMP, is left to chance.
        await received.SendAsync(new PubRecPacket { PacketId = receivedId });
        await broker.KillAsync();
        await using var again = await broker.StartAgainAsync();

        await using var publishedAgain = await ResumeAsync(again, version, "published");
        var repeated = await publishedAgain.ExpectAsync<PublishPacket>();
        repeated.PacketId.Should().Be(publishedId, "under another packet id it would be another message");
        repeated.Duplicate.Should().BeTrue();
        await publishedAgain.AcknowledgeAsync(repeated);

        await using var receivedAgain = await ResumeAsync(again, version, "received");
        if (await receivedAgain.NextAsync() is PublishPacket once)
        {
            once.PacketId.Should().Be(receivedId);
            await receivedAgain.SendAsync(new PubRecPacket { PacketId = receivedId });
            await receivedAgain.ExpectAsync<PubRelPacket>();
        }

        await receivedAgain.SendAsync(new PubCompPacket { PacketId = receivedId });

        await using var releasedAgain = await ResumeAsync(again, version, "released");
        (await releasedAgain.ExpectAsync<PubRelPacket>()).PacketId.Should().Be(releasedId);
        await releasedAgain.SendAsync(new PubCompPacket { PacketId = releasedId });

        await using var completedAgain = await ResumeAsync(again, version, "completed");

        // What is new comes behind what was on its way; an answer to a PINGREQ would not.
        await using (var publisher = await again.Endpoint.ConnectAsync(V5))
        {
            await publisher.PublishAsync("handshake/2", "the last", ExactlyOnce);
        }

        var next = await completedAgain.NextAsync();
        if (next is PubRelPacket release)
        {
            await completedAgain.SendAsync(new PubCompPacket { PacketId = release.PacketId });
            next = await completedAgain.NextAsync();
        }

        next.Should().BeOfType<PublishPacket>().Which.Topic.Should().Be("handshake/2");
        foreach (var client in (RawClient[])[publishedAgain, receivedAgain, releasedAgain])
        {
            (await client.ExpectAsync<PublishPacket>()).Topic.Should().Be("handshake/2");
        }
    }

    private static async Task<RawClient> SubscribedAsync(BrokerProcess broker, ProtocolVersion version, string clientId)
    {
        var client = await broker.Endpoint.ConnectPersistentAsync(version, clientId);
        await client.SubscribeAsync("handshake/#");
        return client;
    }

    private static async Task<RawClient> ResumeAsync(BrokerProcess broker, ProtocolVersion version, string clientId)
    {
        var client = await broker.Endpoint.ConnectPersistentAsync(version, clientId);
        client.ConnAck.SessionPresent.Should().BeTrue();
        return client;
    }

    private static PublishPacket Publish(string text, bool duplicate = false) => new()
    {
        Topic = "handshake/" + text,
        Payload = Encoding.UTF8.GetBytes(text),
        QoS = ExactlyOnce,
        PacketId = PacketId,
        Duplicate = duplicate,
    };
}
