using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>Keep alive (section 3.1.2.10).</summary>
public class KeepAliveSpecs(SharedBroker shared) : ProtocolSpecs(shared)
{
    [Theory]
    [EveryVersion]
    public async Task Ends_a_connection_that_is_silent_for_one_and_a_half_times_its_keep_alive(ProtocolVersion version)
    {
        var topic = Unique.Name("keep-alive/will");
        await using var witness = await Broker.ConnectAsync(V5);
        await witness.SubscribeAsync(topic);
        var started = TimeProvider.System.GetTimestamp();
        await using var silent = await Broker.ConnectAsync(
            version, keepAlive: 1, will: new WillMessage { Topic = topic, Payload = "silent"u8.ToArray() });

        await silent.ExpectRefusalAsync(ReasonCode.KeepAliveTimeout);

        TimeProvider.System.GetElapsedTime(started).Should().BeCloseTo(TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(1.1));
        (await witness.ReceiveAsync()).Text().Should().Be("silent");
    }

    [Theory]
    [EveryVersion]
    public async Task Keeps_a_connection_that_pings(ProtocolVersion version)
    {
        await using var client = await Broker.ConnectAsync(version, keepAlive: 1);

        foreach (var _ in Enumerable.Range(0, 5))
        {
            await RealTime.PassesAsync(TimeSpan.FromSeconds(0.7));
            await client.ExpectNothingAsync();
        }
    }
}
