using Akka.Actor;
using Akka.TestKit.Xunit2;
using Broker.Actors.Clustering.Links;
using Broker.Actors.Clustering.Routes;
using Broker.Actors.Clustering.Wire;
using Broker.Actors.Routing;
using Broker.Actors.Storage.Encoding;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Connections;

namespace Broker.Specs.Actors.Clustering.Wire;

/// <summary>Today's bytes of what routes and links send: other nodes may run another version, so none of them may change.</summary>
public sealed class RoutingWireSpecs : TestKit
{
    [Fact]
    public void A_link_batch()
    {
        var batch = new LinkWire.Batch(From: 1, To: -2, Sequence: 300, Confirmed: 299, [Bytes("0A"), Bytes("0B0C")]);
        var read = Check<LinkWire.Batch>(batch, "lb", "01FEFFFFFFFFFFFFFFFF01AC02AB02010A020B0C");
        (read.From, read.To, read.Sequence, read.Confirmed).Should().Be((1, -2, 300, 299));
        read.Contents.Select(content => Convert.ToHexString(content.Span)).Should().Equal("0A", "0B0C");
    }

    [Fact]
    public void A_links_answer()
    {
        var taken = new LinkWire.Taken(From: 2, To: 1, Sequence: 7, Resend: true, [new RefusedPick(7, 0), new RefusedPick(6, 5)]);
        Check<LinkWire.Taken>(taken, "lt", "02010701020700" + "0605").Should().BeEquivalentTo(taken);
    }

    [Fact]
    public void Items_in_a_link_batch()
    {
        var writer = new ByteWriter();
        LinkItemCodec.Write(writer, new Publication { Topic = "t", Payload = "x"u8.ToArray(), QoS = QualityOfService.AtLeastOnce, ClientId = "c" });
        Convert.ToHexString(writer.Take()).Should().Be("11" + "0163" + "0174" + "0178");
        LinkItemCodec.WriteDirected(writer, Packets.Message("t", "x"), 5, QualityOfService.AtMostOnce, retain: true, [9]);
        Convert.ToHexString(writer.Take()).Should().Be("44" + "05" + "0109" + "0174" + "0178");
    }

    [Fact]
    public void A_batch_of_routes_and_its_answer()
    {
        var batch = new RouteWire.Batch(From: 1, To: 2, Stream: 3, Sequence: 4, BeginsSnapshot: true, EndsSnapshot: true, Bytes("010174").ToArray());
        Check<RouteWire.Batch>(batch, "rb", "01020304" + "03" + "03010174").Should().BeEquivalentTo(batch);
        var applied = new RouteWire.Applied(From: 2, To: 1, Stream: 3, Sequence: 4, Resend: false, Barrier: 200);
        Check<RouteWire.Applied>(applied, "ra", "0201030400C801").Should().Be(applied);
    }

    [Fact]
    public void Each_change_of_routes()
    {
        var options = new SubscriptionOptions(QualityOfService.ExactlyOnce, NoLocal: true, RetainAsPublished: true, SubscriptionIdentifier: 9);
        var mark = new DurableMark("c", 5, 6);
        (RouteChange Change, string Bytes)[] changes =
        [
            (new RouteChange.FilterAdded("a/#"), "0103612F23"),
            (new RouteChange.FilterRemoved("a"), "020161"),
            (new RouteChange.MemberJoined(7, "$share/g/a", options), "030A" + Convert.ToHexString("$share/g/a"u8) + "07" + "0E09"),
            (new RouteChange.MemberLeft(7, "a"), "04016107"),
            (new RouteChange.ClientConnected("c", 7), "05016307"),
            (new RouteChange.ClientGone("c", 7), "06016307"),
            (new RouteChange.DurableSubscribed(mark, "a", options), "070163" + "0506" + "0161" + "0E09"),
            (new RouteChange.DurableUnsubscribed(mark, "a"), "080163" + "0506" + "0161"),
            (new RouteChange.DurableRecovered(mark), "090163" + "0506"),
            (new RouteChange.DurableEnded("c", 5), "0A0163" + "05"),
        ];
        foreach (var (change, bytes) in changes)
        {
            var writer = new ByteWriter();
            RouteCodec.Write(writer, change);
            var written = writer.Take();
            Convert.ToHexString(written).Should().Be(bytes, "{0}", change);
            var reader = new ByteReader(written);
            RouteCodec.Read(ref reader).Should().Be(change);
            reader.IsAtEnd.Should().BeTrue();
        }

        changes.Select(change => change.Change.GetType()).Should().BeEquivalentTo(typeof(RouteChange).GetNestedTypes(System.Reflection.BindingFlags.NonPublic));
    }

    private static ReadOnlyMemory<byte> Bytes(string hex) => Convert.FromHexString(hex);

    private T Check<T>(object message, string manifest, string hex)
        where T : class
    {
        var serializer = new WireSerializer((ExtendedActorSystem)Sys);
        serializer.Manifest(message).Should().Be(manifest);
        var bytes = serializer.ToBinary(message);
        Convert.ToHexString(bytes).Should().Be(hex);
        return serializer.FromBinary(bytes, manifest).Should().BeOfType<T>().Subject;
    }
}
