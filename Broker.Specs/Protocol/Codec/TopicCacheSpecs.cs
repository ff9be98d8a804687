using System.Text;
using Broker.Protocol.Codec;
using Broker.Protocol.Codec.Reading;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>A connection that publishes to the same topics again gets the same strings.</summary>
public class TopicCacheSpecs
{
    [Theory]
    [InlineData("sensor/42/temperature")]
    [InlineData("t")]
    [InlineData("Gerät/Ω/漢/\U0001F600")]
    public void The_string_of_a_topic_is_reused(string topic)
    {
        var decoder = CodecHarness.Decoder(PeerRole.Client, ProtocolVersion.V311);

        var first = Publish(decoder, topic);
        var second = Publish(decoder, topic);

        first.Should().Be(topic);
        second.Should().BeSameAs(first);
    }

    [Fact]
    public void Topics_are_never_confused()
    {
        var decoder = CodecHarness.Decoder(PeerRole.Client, ProtocolVersion.V5);
        for (var i = 0; i < 5_000; i++)
        {
            var topic = $"sensor/{i % 40}/{(i % 3 == 0 ? "é" : "ab")}";
            Publish(decoder, topic).Should().Be(topic);
        }
    }

    [Fact]
    public void Text_of_the_same_length_in_bytes_or_characters_is_told_apart()
    {
        var cache = new TopicCache();
        foreach (var name in (string[])["é", "ab", "a", "ééé", "aéb", "ééa"])
        {
            cache.Keep(Encoding.UTF8.GetBytes(name), name);
            foreach (var other in (string[])["é", "ab", "a", "ééé", "aéb", "ééa", "è", "b"])
            {
                cache.Find(Encoding.UTF8.GetBytes(other)).Should().BeOneOf([null, other]);
            }

            cache.Find(Encoding.UTF8.GetBytes(name)).Should().BeSameAs(name);
        }
    }

    [Fact]
    public void Long_topics_are_not_kept()
    {
        var decoder = CodecHarness.Decoder(PeerRole.Client, ProtocolVersion.V311);
        var kept = new string('k', TopicCache.MaxBytes);
        var tooLong = new string('l', TopicCache.MaxBytes + 1);

        Publish(decoder, kept).Should().BeSameAs(Publish(decoder, kept));
        Publish(decoder, tooLong).Should().NotBeSameAs(Publish(decoder, tooLong)).And.Be(tooLong);
    }

    [Fact]
    public void A_refused_topic_is_refused_again()
    {
        var decoder = CodecHarness.Decoder(PeerRole.Client, ProtocolVersion.V311);
        for (var i = 0; i < 2; i++)
        {
            CodecHarness.Refusal(decoder, Wire.Packet("30", "<a/#>")).Should().Be(ReasonCode.TopicNameInvalid);
        }
    }

    private static string Publish(PacketDecoder decoder, string topic) =>
        ((PublishPacket)CodecHarness.DecodeWhole(
            decoder, CodecHarness.Encode(new PublishPacket { Topic = topic }, decoder.Version))).Topic;
}
