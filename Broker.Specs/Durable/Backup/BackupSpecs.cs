using System.Text;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Durable.Backup;

/// <summary>A backup that is taken while clients publish, and a node that starts from it; one class below for each database.</summary>
public abstract class BackupSpecs
{
    private const ushort PacketId = 7;

    /// <summary>Of a broker on a database of this spec's own.</summary>
    protected abstract Task<string[]> SettingsAsync();

    /// <summary>Takes a backup of the database of a broker that runs.</summary>
    private protected abstract Task BackupAsync(BrokerProcess broker);

    /// <summary>Restores it to where there was nothing; answers the settings of a broker on that.</summary>
    protected abstract Task<string[]> RestoreAsync();

    [Fact]
    public async Task Has_sessions_queues_retained_messages_and_handshakes_of_one_moment()
    {
        await using var broker = await BrokerProcess.StartAsync([.. await SettingsAsync(), "mqtt.limits.max-queued-messages=0"]);
        foreach (var (absent, filter) in ((string, string)[])[("reader", "queued/#"), ("witness", "load/#")])
        {
            await using var client = await broker.Endpoint.ConnectPersistentAsync(V5, absent);
            await client.SubscribeAsync(filter);
            await client.DisconnectAsync();
        }

        await using var steady = await broker.Endpoint.ConnectAsync(V5);
        await steady.PublishAsync("queued/1", "one", AtLeastOnce);
        await steady.PublishAsync("queued/2", "two", ExactlyOnce);
        await steady.PublishAsync("retained", "kept", AtLeastOnce, retain: true);
        await using var published = await broker.Endpoint.ConnectPersistentAsync(V5, "published");
        await published.SubscribeAsync("handshake/#");
        await using var released = await broker.Endpoint.ConnectPersistentAsync(V311, "released");
        await released.SubscribeAsync("handshake/#");
        await using var writer = await broker.Endpoint.ConnectPersistentAsync(V5, "writer");
        await writer.SendAsync(Handshake(duplicate: false));
        (await writer.ExpectAsync<PubRecPacket>()).ReasonCode.Should().Be(ReasonCode.Success);
        var publishedId = (await published.ExpectAsync<PublishPacket>()).PacketId;
        var releasedId = (await released.ExpectAsync<PublishPacket>()).PacketId;
        await released.SendAsync(new PubRecPacket { PacketId = releasedId });
        await released.ExpectAsync<PubRelPacket>();

        Load[] load = [new(broker.Endpoint, "load/1", AtLeastOnce), new(broker.Endpoint, "load/2", ExactlyOnce)];
        await Eventually.HoldsAsync(() => Task.FromResult(load.All(one => one.Acknowledged >= 50)), Deadline.ForPackets);
        var before = Array.ConvertAll(load, one => one.Acknowledged);
        await BackupAsync(broker);
        var after = Array.ConvertAll(load, one => one.Acknowledged);
        await Task.WhenAll(load.Select(one => one.StopAsync()));
        await broker.KillAsync();

        await using var restored = await BrokerProcess.StartAsync(await RestoreAsync());
        await using var reader = await ResumeAsync(restored, V5, "reader");
        (await reader.ReceiveTextsAsync(2)).Should().Equal("one", "two");
        await using var newcomer = await restored.Endpoint.ConnectAsync(V5);
        await newcomer.SubscribeAsync("retained");
        (await newcomer.ReceiveAsync()).Text().Should().Be("kept");

        await using var publishedAgain = await ResumeAsync(restored, V5, "published");
        var repeated = await publishedAgain.ExpectAsync<PublishPacket>();
        (repeated.PacketId, repeated.Duplicate).Should().Be((publishedId, true));
        await publishedAgain.AcknowledgeAsync(repeated);
        await using var releasedAgain = await ResumeAsync(restored, V311, "released");
        (await releasedAgain.ExpectAsync<PubRelPacket>()).PacketId.Should().Be(releasedId);
        await releasedAgain.SendAsync(new PubCompPacket { PacketId = releasedId });
        await using var writerAgain = await ResumeAsync(restored, V5, "writer");
        await writerAgain.SendAsync(Handshake(duplicate: true));
        (await writerAgain.ExpectAsync<PubRecPacket>()).ReasonCode.Should().Be(ReasonCode.Success);
        await writerAgain.SendAsync(new PubRelPacket { PacketId = PacketId });
        await writerAgain.ExpectAsync<PubCompPacket>();
        await publishedAgain.ExpectNothingAsync();

        await using var witness = await ResumeAsync(restored, V5, "witness");
        await writerAgain.PublishAsync("load/1", "end", AtLeastOnce);
        await writerAgain.PublishAsync("load/2", "end", AtLeastOnce);
        var received = await UntilEndsAsync(witness);
        for (var i = 0; i < load.Length; i++)
        {
            var numbers = received[$"load/{i + 1}"];
            numbers.Should().Equal(Enumerable.Range(1, numbers.Count).Select(number => $"{number}"), "what was acknowledged before the moment is there, in order and once");
            numbers.Count.Should().BeInRange(before[i], after[i] + 1, "what came after the backup is not in it");
        }
    }

    private static async Task<Dictionary<string, List<string>>> UntilEndsAsync(RawClient witness)
    {
        var received = new Dictionary<string, List<string>> { ["load/1"] = [], ["load/2"] = [] };
        for (var ends = 0; ends < 2;)
        {
            var publish = await witness.ExpectEventuallyAsync<PublishPacket>();
            await witness.AcknowledgeAsync(publish);
            if (publish.Text() == "end")
            {
                ends++;
            }
            else
            {
                received[publish.Topic].Add(publish.Text());
            }
        }

        return received;
    }

    private static async Task<RawClient> ResumeAsync(BrokerProcess broker, ProtocolVersion version, string clientId)
    {
        var client = await broker.Endpoint.ConnectPersistentAsync(version, clientId);
        client.ConnAck.SessionPresent.Should().BeTrue();
        return client;
    }

    private static PublishPacket Handshake(bool duplicate) =>
        new() { Topic = "handshake/1", Payload = Encoding.UTF8.GetBytes("once"), QoS = ExactlyOnce, PacketId = PacketId, Duplicate = duplicate };

    /// <summary>A publisher of numbers, one after the other.</summary>
    private sealed class Load
    {
        private readonly Task _running;
        private volatile bool _isStopping;
        private int _acknowledged;

        public Load(BrokerEndpoint broker, string topic, QualityOfService qos) => _running = Task.Run(async () =>
        {
            await using var client = await broker.ConnectPersistentAsync(V5, Unique.Name("load"));
            for (var number = 1; !_isStopping; number++)
            {
                (await client.PublishAsync(topic, $"{number}", qos)).Should().Be(ReasonCode.Success);
                Volatile.Write(ref _acknowledged, number);
            }
        });

        public int Acknowledged => Volatile.Read(ref _acknowledged);

        public Task StopAsync()
        {
            _isStopping = true;
            return _running;
        }
    }
}
