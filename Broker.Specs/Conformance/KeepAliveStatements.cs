using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;

namespace Broker.Specs.Conformance;

/// <summary>Keep alive (section 3.1.2.10) and PINGREQ (section 3.12).</summary>
public class KeepAliveStatements(SharedBroker shared) : StatementSpecs(shared)
{
    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.2-24")]
    [Statement(V5, "MQTT-3.1.2-22", "MQTT-3.2.2-22")]
    public async Task A_silent_client_is_disconnected_as_if_its_network_had_failed(ProtocolVersion version)
    {
        var topic = Unique.Name("keep-alive/silent");
        await using var witness = await Broker.ConnectAsync(version);
        await witness.SubscribeAsync(topic);
        var start = TimeProvider.System.GetTimestamp();
        await using var silent = await Broker.ConnectAsync(
            version, keepAlive: 1, will: new WillMessage { Topic = topic, Payload = "silent"u8.ToArray() });
        Require(silent.ConnAck.ServerKeepAlive is null, "a broker that keeps to a keep alive of 1 s");

        await silent.ExpectEndAsync();

        TimeProvider.System.GetElapsedTime(start).Should().BeGreaterThan(TimeSpan.FromSeconds(1.4)).And.BeLessThan(TimeSpan.FromSeconds(8));
        (await witness.ReceiveAsync()).Text().Should().Be("silent");
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.2-23", "MQTT-3.12.4-1")]
    [Statement(V5, "MQTT-3.1.2-20", "MQTT-3.12.4-1")]
    public async Task A_client_that_pings_is_answered_and_stays(ProtocolVersion version)
    {
        await using var client = await Broker.ConnectAsync(version, keepAlive: 1);

        foreach (var _ in Enumerable.Range(0, 4))
        {
            await RealTime.PassesAsync(TimeSpan.FromSeconds(0.7));
            await client.ExpectNothingAsync();
        }
    }
}
