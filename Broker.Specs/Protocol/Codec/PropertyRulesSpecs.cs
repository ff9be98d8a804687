using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>Every property of table 2-4 in every packet: where it may stand, and how often.</summary>
public class PropertyRulesSpecs
{
    /// <summary>Identifier, one valid value, and where it may stand; W is the will within CONNECT.</summary>
    private static readonly (string Id, string Value, string Places)[] Table =
    [
        ("01", "01", "PUBLISH W"),
        ("02", "00000001", "PUBLISH W"),
        ("03", "<x>", "PUBLISH W"),
        ("08", "<x>", "PUBLISH W"),
        ("09", "<x>", "PUBLISH W"),
        ("0B", "01", "PUBLISH SUBSCRIBE"),
        ("11", "00000001", "CONNECT CONNACK DISCONNECT"),
        ("12", "<x>", "CONNACK"),
        ("13", "0001", "CONNACK"),
        ("15", "<x>", "CONNECT CONNACK AUTH"),
        ("16", "<x>", "CONNECT CONNACK AUTH"),
        ("17", "01", "CONNECT"),
        ("18", "00000001", "W"),
        ("19", "01", "CONNECT"),
        ("1A", "<x>", "CONNACK"),
        ("1C", "<x>", "CONNACK DISCONNECT"),
        ("1F", "<x>", "CONNACK PUBACK PUBREC PUBREL PUBCOMP SUBACK UNSUBACK DISCONNECT AUTH"),
        ("21", "0001", "CONNECT CONNACK"),
        ("22", "0001", "CONNECT CONNACK"),
        ("23", "0001", "PUBLISH"),
        ("24", "01", "CONNACK"),
        ("25", "01", "CONNACK"),
        ("26", "<x> <y>", "CONNECT CONNACK PUBLISH W PUBACK PUBREC PUBREL PUBCOMP SUBSCRIBE SUBACK UNSUBSCRIBE UNSUBACK DISCONNECT AUTH"),
        ("27", "00000001", "CONNECT CONNACK"),
        ("28", "01", "CONNACK"),
        ("29", "01", "CONNACK"),
        ("2A", "01", "CONNACK"),
    ];

    /// <summary>A packet around its properties, from the side that may use the most of them.</summary>
    private static readonly (string Name, PeerRole Peer, string First, string Before, string After)[] Places =
    [
        ("CONNECT", PeerRole.Client, "10", "<MQTT> 05 02 0000", "<c>"),
        ("W", PeerRole.Client, "10", "<MQTT> 05 06 0000 00 <c>", "<w> <m>"),
        ("CONNACK", PeerRole.Server, "20", "00 00", ""),
        ("PUBLISH", PeerRole.Server, "30", "<t>", ""),
        ("PUBACK", PeerRole.Client, "40", "0001 00", ""),
        ("PUBREC", PeerRole.Client, "50", "0001 00", ""),
        ("PUBREL", PeerRole.Client, "62", "0001 00", ""),
        ("PUBCOMP", PeerRole.Client, "70", "0001 00", ""),
        ("SUBSCRIBE", PeerRole.Client, "82", "0001", "<a> 00"),
        ("SUBACK", PeerRole.Server, "90", "0001", "00"),
        ("UNSUBSCRIBE", PeerRole.Client, "A2", "0001", "<a>"),
        ("UNSUBACK", PeerRole.Server, "B0", "0001", "00"),
        ("DISCONNECT", PeerRole.Client, "E0", "00", ""),
        ("AUTH", PeerRole.Client, "F0", "18", ""),
    ];

    public static TheoryData<string> PlaceNames => [.. Places.Select(place => place.Name)];

    [Theory]
    [MemberData(nameof(PlaceNames))]
    public void A_property_stands_only_where_the_table_says(string place)
    {
        foreach (var (id, value, places) in Table)
        {
            var decode = () => Decode(place, id, value, times: 1);
            if (places.Split(' ').Contains(place))
            {
                decode.Should().NotThrow($"0x{id} may stand in {place}");
            }
            else
            {
                decode.Should().Throw<MqttProtocolException>($"0x{id} may not stand in {place}")
                    .Which.ReasonCode.Should().Be(ReasonCode.MalformedPacket);
            }
        }
    }

    [Theory]
    [MemberData(nameof(PlaceNames))]
    public void A_property_stands_once_except_those_that_may_repeat(string place)
    {
        foreach (var (id, value, _) in Table.Where(row => row.Places.Split(' ').Contains(place)))
        {
            var decode = () => Decode(place, id, value, times: 2);
            if (id == "26" || (id == "0B" && place == "PUBLISH"))
            {
                decode.Should().NotThrow($"0x{id} may repeat in {place}");
            }
            else
            {
                decode.Should().Throw<MqttProtocolException>($"0x{id} may not repeat in {place}")
                    .Which.ReasonCode.Should().Be(ReasonCode.ProtocolError);
            }
        }
    }

    [Theory]
    [InlineData("00")]
    [InlineData("04")]
    [InlineData("2B")]
    [InlineData("3F")]
    [InlineData("40")]
    [InlineData("7F")]
    [InlineData("81 01")]
    [InlineData("A6 01")]
    [InlineData("9F 80 01")]
    [InlineData("A6 00")]
    public void An_unknown_identifier_is_malformed_everywhere(string id)
    {
        foreach (var place in Places)
        {
            var decode = () => Decode(place.Name, id, "00", times: 1);
            decode.Should().Throw<MqttProtocolException>().Which.ReasonCode.Should().Be(ReasonCode.MalformedPacket);
        }
    }

    [Theory]
    [InlineData("21", "0000")]
    [InlineData("24", "02")]
    [InlineData("25", "02")]
    [InlineData("27", "00000000")]
    [InlineData("28", "02")]
    [InlineData("29", "02")]
    [InlineData("2A", "FF")]
    [InlineData("16", "<x>")]
    public void The_values_of_CONNACK_are_checked(string id, string value)
    {
        var length = 1 + Wire.Bytes(value).Length;
        CodecHarness.RefusalFromServer(ProtocolVersion.V5, Wire.Packet("20", $"00 00 {length:X2} {id} {value}"))
            .Should().Be(ReasonCode.ProtocolError);
    }

    [Fact]
    public void The_properties_of_one_side_are_refused_from_the_other()
    {
        CodecHarness.RefusalFromClient(ProtocolVersion.V5, Wire.Packet("E0", "00 04 1C <x>")).Should().Be(ReasonCode.ProtocolError);
        CodecHarness.RefusalFromServer(ProtocolVersion.V5, Wire.Packet("E0", "00 05 11 00000001")).Should().Be(ReasonCode.ProtocolError);
        CodecHarness.RefusalFromClient(ProtocolVersion.V5, Wire.Packet("30", "<t> 02 0B 01")).Should().Be(ReasonCode.ProtocolError);
    }

    [Theory]
    [InlineData("18 00", "AUTH without a method")]
    [InlineData("18 04 16 <x>", "AUTH with data alone")]
    public void AUTH_names_its_method(string body, string why) =>
        CodecHarness.RefusalFromClient(ProtocolVersion.V5, Wire.Packet("F0", body)).Should().Be(ReasonCode.ProtocolError, why);

    private static void Decode(string placeName, string id, string value, int times)
    {
        var place = Places.Single(candidate => candidate.Name == placeName);
        var property = string.Concat(Enumerable.Repeat($"{id} {value} ", times));

        // These two packets need a method before anything else counts.
        var needsMethod = id != "15" && (placeName == "AUTH" || (id == "16" && placeName is ("CONNECT" or "CONNACK")));
        var properties = needsMethod ? "15 <m> " + property : property;
        var bytes = Wire.Packet(place.First, $"{place.Before} {Wire.Bytes(properties).Length:X2} {properties} {place.After}");
        var peer = (placeName, id) is ("DISCONNECT", "1C") ? PeerRole.Server : place.Peer; // only servers refer to another
        var decoder = CodecHarness.DecoderFor((PacketType)(bytes[0] >> 4), peer, ProtocolVersion.V5);
        CodecHarness.DecodeWhole(decoder, bytes);
    }
}
