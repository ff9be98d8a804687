using System.Text;
using Broker.Actors.Clustering.Links;
using Broker.Actors.Routing;
using Broker.Actors.Storage.Encoding;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Clustering.Links;

public sealed class LinkItemCodecSpecs
{
    private static readonly Publication Full = new()
    {
        Topic = "a/ü",
        Payload = "payload"u8.ToArray(),
        QoS = QualityOfService.ExactlyOnce,
        Retain = true,
        RetainedNumber = 17,
        ClientId = "c",
        ExpiresAt = 1_893_456_000_123,
        Properties = new PublishProperties { ContentType = "text", MessageExpiryInterval = 7, UserProperties = [new UserProperty("k", "v")] },
    };

    [Fact]
    public void A_publication_comes_out_as_it_went_in()
    {
        var writer = new ByteWriter();
        LinkItemCodec.Write(writer, Full);
        LinkItemCodec.Write(writer, new Publication { Topic = "b", Payload = default });
        LinkItemCodec.WriteDirected(writer, Full, connection: 1L << 60, QualityOfService.AtLeastOnce, retain: false, [1, 300]);
        var bytes = writer.Take();

        var topics = new LinkTopics();
        var reader = new ByteReader(bytes);
        var plain = LinkItemCodec.Read(ref reader, topics);
        var empty = LinkItemCodec.Read(ref reader, topics);
        var directed = LinkItemCodec.Read(ref reader, topics);
        reader.IsAtEnd.Should().BeTrue();

        plain.Publication.Should().BeEquivalentTo(Full, options => options.Excluding(one => one.Payload));
        plain.Publication.Payload.ToArray().Should().Equal(Full.Payload.ToArray());
        (plain.Connection, plain.IsTracked).Should().Be((0, false));
        (empty.Publication.Topic, empty.Publication.Payload.Length, empty.Publication.ClientId).Should().Be(("b", 0, null));
        (directed.Connection, directed.IsTracked, directed.Publication.QoS, directed.Publication.Retain, directed.Publication.ClientId)
            .Should().Be((1L << 60, true, QualityOfService.AtLeastOnce, false, null));
        directed.SubscriptionIdentifiers.Should().Equal(1u, 300u);
        directed.Publication.Topic.Should().BeSameAs(plain.Publication.Topic, "a name that is known needs no string");
    }

    [Fact]
    public void Bytes_that_are_no_items_are_refused()
    {
        var writer = new ByteWriter();
        LinkItemCodec.Write(writer, Full);
        var bytes = writer.Take();
        for (var length = 1; length < bytes.Length; length++)
        {
            var cut = bytes.AsSpan(0, length).ToArray();
            FluentActions.Invoking(() => Read(cut)).Should().Throw<FormatException>();
        }

        FluentActions.Invoking(() => Read([0x03])).Should().Throw<FormatException>("there is no QoS 3");
        FluentActions.Invoking(() => Read([0x80])).Should().Throw<FormatException>("a newer version has sent it");
    }

    [Fact]
    public void Many_names_share_the_cache_and_none_is_taken_for_another()
    {
        var topics = new LinkTopics();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 10_000; i++)
            {
                topics.Get(Encoding.UTF8.GetBytes($"topic/{i}")).Name.Should().Be($"topic/{i}");
            }
        }

        topics.Get(new byte[300]).Name.Should().HaveLength(300);
    }

    private static void Read(byte[] bytes)
    {
        var reader = new ByteReader(bytes);
        LinkItemCodec.Read(ref reader, new LinkTopics());
    }
}
