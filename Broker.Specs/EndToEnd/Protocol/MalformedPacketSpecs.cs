using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>What broken packets get (section 4.13), and that nobody else notices.</summary>
public class MalformedPacketSpecs(SharedBroker shared) : ProtocolSpecs(shared)
{
    /// <summary>A packet that is wrong in every version, as hexadecimal digits, and the reason code.</summary>
    public static TheoryData<string, string, ReasonCode> BrokenPackets => new()
    {
        { "a reserved packet type", "00 00", ReasonCode.MalformedPacket },
        { "reserved flags of SUBSCRIBE", "80 06 00 01 00 01 61 00", ReasonCode.MalformedPacket },
        { "reserved flags of PINGREQ", "C1 00", ReasonCode.MalformedPacket },
        { "PINGREQ with a body", "C0 01 00", ReasonCode.MalformedPacket },
        { "QoS 3", "36 05 00 01 61 00 01", ReasonCode.MalformedPacket },
        { "DUP at QoS 0", "38 03 00 01 61", ReasonCode.MalformedPacket },
        { "a remaining length of five bytes", "30 FF FF FF FF 01", ReasonCode.MalformedPacket },
        { "a topic that runs past the end", "30 03 00 09 61", ReasonCode.MalformedPacket },
        { "a topic that is not UTF-8", "30 04 00 02 C0 80", ReasonCode.MalformedPacket },
        { "a topic with U+0000", "30 04 00 02 61 00", ReasonCode.MalformedPacket },
        { "a topic with a wildcard", "30 04 00 01 23 00", ReasonCode.TopicNameInvalid },
        { "packet id 0", "32 05 00 01 61 00 00", ReasonCode.ProtocolError },
        { "SUBSCRIBE without filters", "82 02 00 01", ReasonCode.ProtocolError },
        { "a packet that only brokers send", "20 02 00 00", ReasonCode.ProtocolError },
    };

    [Theory]
    [MemberData(nameof(BrokenPackets))]
    public async Task End_an_MQTT_3_connection_without_a_word(string what, string hexadecimal, ReasonCode reasonCode)
    {
        _ = reasonCode;
        await BreakAsync(V311, what, hexadecimal, client => client.ExpectCloseAsync());
    }

    [Theory]
    [MemberData(nameof(BrokenPackets))]
    public async Task End_an_MQTT_5_connection_with_the_reason(string what, string hexadecimal, ReasonCode reasonCode)
    {
        // In MQTT 5 these have a property length before the payload or the filters, here 0.
        var version5 = hexadecimal switch
        {
            "80 06 00 01 00 01 61 00" => "80 07 00 01 00 00 01 61 00",
            "36 05 00 01 61 00 01" => "36 06 00 01 61 00 01 00",
            "38 03 00 01 61" => "38 04 00 01 61 00",
            "30 04 00 02 C0 80" => "30 05 00 02 C0 80 00",
            "30 04 00 02 61 00" => "30 05 00 02 61 00 00",
            "32 05 00 01 61 00 00" => "32 06 00 01 61 00 00 00",
            "82 02 00 01" => "82 03 00 01 00",
            "20 02 00 00" => "20 03 00 00 00",
            _ => hexadecimal,
        };
        await BreakAsync(V5, what, version5, client => client.ExpectDisconnectAsync(reasonCode));
    }

    [Theory]
    [InlineData("a property twice", "30 0A 00 01 61 06 01 00 01 00 61 62", ReasonCode.ProtocolError)]
    [InlineData("a property of another packet", "30 09 00 01 61 05 11 00 00 00 01", ReasonCode.MalformedPacket)]
    [InlineData("subscription identifier 0", "82 09 00 01 02 0B 00 00 01 61 00", ReasonCode.ProtocolError)]
    [InlineData("reserved subscription options", "82 07 00 01 00 00 01 61 C0", ReasonCode.MalformedPacket)]
    [InlineData("Retain Handling 3", "82 07 00 01 00 00 01 61 30", ReasonCode.ProtocolError)]
    [InlineData("a subscription identifier from a client", "30 06 00 01 61 02 0B 01", ReasonCode.ProtocolError)]
    [InlineData("AUTH that nobody asked for", "F0 00", ReasonCode.ProtocolError)]
    public async Task End_an_MQTT_5_connection_for_what_only_MQTT_5_has(string what, string hexadecimal, ReasonCode reasonCode) =>
        await BreakAsync(V5, what, hexadecimal, client => client.ExpectDisconnectAsync(reasonCode));

    private async Task BreakAsync(ProtocolVersion version, string what, string hexadecimal, Func<RawClient, Task> expectation)
    {
        var topic = Unique.Name("malformed");
        await using var bystander = await Broker.ConnectAsync(version);
        await bystander.SubscribeAsync(topic, AtLeastOnce);
        await using var broken = await Broker.ConnectAsync(version);

        // Something valid comes before it in the same read, and is served.
        await broken.SendAsync(PingReqPacket.Instance);
        await broken.SendAsync(Convert.FromHexString(hexadecimal.Replace(" ", "", StringComparison.Ordinal)));

        await broken.ExpectAsync<PingRespPacket>();
        await expectation(broken);
        await bystander.PublishAsync(topic, what, AtLeastOnce);
        (await bystander.ReceiveAsync()).Text().Should().Be(what);
    }
}
