using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Serialization;
using Akka.TestKit.Xunit2;
using Broker.Actors.Clustering.Wire;
using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Actors.Security;
using Broker.Actors.Sessions;
using Broker.Actors.Sessions.Guards;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Sessions;

namespace Broker.Specs.Actors.Clustering.Wire;

/// <summary>
/// The bytes of each message between nodes, as versions that are running somewhere send and read them: a line that has to be changed here breaks a rolling
/// upgrade.
/// </summary>
public class SessionWireSpecs : TestKit
{
    private static readonly UniqueAddress Node = new(new Address("akka.tcp", "mqtt", "10.0.0.1", 4053), 77);

    public SessionWireSpecs()
        : base(ConfigurationFactory.ParseString("akka { loglevel = WARNING, actor.provider = remote, remote.dot-netty.tcp { hostname = \"127.0.0.1\", port = 0 } }")
            .WithFallback(ConfigurationFactory.ParseString(WireSerializer.Hocon)))
    {
    }

    [Fact]
    public void Every_form_has_the_bytes_that_running_nodes_know()
    {
        var found = Messages().Select(Line).ToList();

        string.Join('\n', found).Should().Be(string.Join('\n', Held));
    }

    [Fact]
    public void What_is_read_is_what_was_written()
    {
        foreach (var message in Messages())
        {
            var serializer = (SerializerWithStringManifest)Sys.Serialization.FindSerializerFor(message);
            var bytes = serializer.ToBinary(message);
            var read = serializer.FromBinary(bytes, serializer.Manifest(message));
            read.Should().BeOfType(message.GetType());
            serializer.ToBinary(read).Should().Equal(bytes, "of {0}", message);
        }
    }

    [Fact]
    public void Every_form_is_held()
    {
        var manifests = Messages().Select(message => ((SerializerWithStringManifest)Sys.Serialization.FindSerializerFor(message)).Manifest(message)).ToHashSet();

        string[] rooms = ["c", "d", "g", "s"];
        WireFormats.All.Select(format => format.Manifest).Where(manifest => rooms.Contains(manifest[..1])).Should().BeSubsetOf(manifests);
    }

    [Fact]
    public void Bytes_that_end_too_early_are_told_apart_from_a_message()
    {
        var message = new SessionProtocol.Wake("client");
        var serializer = (SerializerWithStringManifest)Sys.Serialization.FindSerializerFor(message);
        var bytes = serializer.ToBinary(message);

        serializer.Invoking(one => one.FromBinary(bytes[..^1], "sw")).Should().Throw<FormatException>();
        serializer.Invoking(one => one.FromBinary([.. bytes, 0], "sw")).Should().Throw<System.Runtime.Serialization.SerializationException>();
        serializer.Invoking(one => one.FromBinary(bytes, "s?")).Should().Throw<System.Runtime.Serialization.SerializationException>();
    }

    private string Line(object message)
    {
        var serializer = (SerializerWithStringManifest)Sys.Serialization.FindSerializerFor(message);
        return $"{serializer.Manifest(message)} {Convert.ToHexString(serializer.ToBinary(message))}";
    }

    private IEnumerable<object> Messages()
    {
        var registry = Ref("connections");
        var connection = new ConnectionRef("c", 1L << 40, registry, Node);
        var mark = new LaneMark(2, 300);
        var will = new WillMessage { Topic = "w", Payload = new byte[] { 1 }, QoS = QualityOfService.AtLeastOnce, DelayInterval = 5 };
        var publication = new Publication
        {
            Topic = "t",
            Payload = new byte[] { 1, 2 },
            QoS = QualityOfService.ExactlyOnce,
            Id = new MessageId(7, 8),
            LowestUnreleased = 6,
            ClientId = "p",
        };
        var subscribe = new SessionProtocol.Subscribe(
            "c",
            9,
            1,
            [
                Given.Subscription("a/+", identifier: 4),
                new RequestedSubscription(null, new SubscriptionOptions(0, NoLocal: true), RetainHandling.DoNotSend, ReasonCode.NotAuthorized),
            ])
        { Mark = mark };
        var unsubscribe = new SessionProtocol.Unsubscribe("c", 9, 2, ["a/+"]) { Mark = mark };

        yield return new SessionProtocol.Connect("c", connection, true, TimeSpan.FromSeconds(60), 10, will, 3);
        yield return new SessionProtocol.Connect("c", connection with { Node = null }, false, TimeSpan.MaxValue, 10, null);
        yield return new SessionProtocol.Connect("c", connection with { Node = null }, false, TimeSpan.MaxValue, 10, will, 3, new ClientIdentity("c", "u", ["r"]));
        yield return new SessionProtocol.ConnectionClosed("c", 9, true, TimeSpan.FromSeconds(1), registry);
        yield return new SessionProtocol.ConnectionClosed("c", 9, false, null);
        yield return new SessionProtocol.Attach(
            "c",
            connection,
            2,
            10,
            400,
            [new OutboundReport(5, 399, QualityOfService.ExactlyOnce, OutboundProgress.Received)],
            [new InboundReport(6, InboundProgress.Routed), new InboundReport(7, InboundProgress.Numbering, [1, 2], RenewsPicks: true)],
            subscribe,
            null);
        yield return new SessionProtocol.Attach("c", connection, 2, 10, 0, [], [], null, unsubscribe);
        yield return subscribe;
        yield return unsubscribe;
        yield return new SessionProtocol.Acknowledged("c", 9, PacketType.PubRec, 5, ReasonCode.QuotaExceeded) { Mark = mark };
        yield return new SessionProtocol.NumberInbound("c", 9, 6) { Mark = mark };
        yield return new SessionProtocol.NumberInbound("c", 9, 6, [1, 2], Renews: true) { Mark = mark };
        yield return new SessionProtocol.InboundRouted("c", 9, 6) { Mark = mark };
        yield return new SessionProtocol.ReleaseInbound("c", 9, 6) { Mark = mark };
        yield return new SessionProtocol.ForgetInbound("c", 9, 6) { Mark = mark };
        yield return new SessionProtocol.Checked("c", 9) { Mark = mark };
        yield return new SessionProtocol.Ping("c", registry);
        yield return new SessionProtocol.Pong();
        yield return new SessionProtocol.Wake("c");
        yield return new SessionProtocol.Discard("c", registry);
        yield return new SessionProtocol.Describe("c", registry);
        yield return new SessionProtocol.Described(null);

        foreach (var command in Commands(publication))
        {
            yield return new ConnectionRegistry.ToConnection("c", 9, command) { Mark = mark };
        }

        yield return new ConnectionRegistry.CloseConfirmed("c", 9);
        yield return new SessionDelivery("c", publication, QualityOfService.AtLeastOnce, true, [3], isShared: false, null)
        {
            Sequence = 300,
            Previous = 299,
            Outbox = Ref("session-outbox"),
        };
        yield return new SessionDelivery.Taken("c", 300, DeliveryOutcome.QueueFull);
        yield return new SessionDelivery.OutOfSequence("c", 300);
        yield return new GuardProtocol.Ask("127", Ref("guards"));
        yield return new GuardProtocol.Answer("127", Node, registry, [new ServedClient("c", 9, true)]);
    }

    private static IEnumerable<object> Commands(Publication publication)
    {
        var delivery = new Delivery(publication, QualityOfService.AtLeastOnce, true, [3]);
        yield return new ConnectionProtocol.SessionBound(true, true, 3, Node);
        yield return new ConnectionProtocol.SessionRefused(ReasonCode.ServerUnavailable, "no");
        yield return new ConnectionProtocol.Disconnect(ReasonCode.SessionTakenOver, "no");
        yield return new ConnectionProtocol.Deliveries([new NumberedDelivery(delivery, 5, Duplicate: true, 399)]);
        yield return new ConnectionProtocol.Release(5, ReasonCode.PacketIdentifierNotFound, 399);
        yield return new ConnectionProtocol.Unnumbered([delivery with { QoS = 0, SubscriptionIdentifiers = null }]);
        yield return new ConnectionProtocol.Subscribed(1, [ReasonCode.GrantedQoS1]);
        yield return new ConnectionProtocol.Unsubscribed(2, [ReasonCode.NoSubscriptionExisted]);
        yield return new ConnectionProtocol.InboundNumbered(6, new MessageId(7, 8), 6, false, Picks: [1, 2]);
        yield return new ConnectionProtocol.InboundNumbered(6, default, 0, true, ReasonCode.QuotaExceeded);
        yield return new ConnectionProtocol.InboundReleased(6, true);
        yield return new ConnectionProtocol.Renumber(10);
        yield return new ConnectionProtocol.Resume();
        yield return new ConnectionProtocol.Attached(2, Node);
        yield return new ConnectionProtocol.Check(new LaneMark(2, 1));
    }

    private IActorRef Ref(string name) =>
        ((ExtendedActorSystem)Sys).Provider.ResolveActorRef($"akka.tcp://mqtt@10.0.0.1:4053/user/{name}#5");

    private static readonly string[] Held =
    [
        "sc 0163016380808080802030616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035332F757365722F636F6E6E656374696F6E732335011D616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035334D0101808C8D9E020A010101050177010103",
        "sc 0163016380808080802030616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035332F757365722F636F6E6E656374696F6E732335000001FFFFFFFFFFFFFFFF7F0A0000",
        "sc 0163016380808080802030616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035332F757365722F636F6E6E656374696F6E732335000001FFFFFFFFFFFFFFFF7F0A01010105017701010301630175010172",
        "sx 016309010180ADE2040130616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035332F757365722F636F6E6E656374696F6E732335",
        "sx 016309000000",
        "sa 0163016380808080802030616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035332F757365722F636F6E6E656374696F6E732335011D616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035334D020A900301058F03020102060200000700020102010101630902AC0201021204000203612F2B0400028700",
        "sa 0163016380808080802030616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035332F757365722F636F6E6E656374696F6E732335011D616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035334D020A000000000101630902AC02020103612F2B",
        "ss 01630902AC0201021204000203612F2B04000287",
        "su 01630902AC02020103612F2B",
        "sk 01630902AC02050597",
        "sn 01630902AC02060000",
        "sn 01630902AC020602010201",
        "st 01630902AC0206",
        "sr 01630902AC0206",
        "sf 01630902AC0206",
        "sh 01630902AC02",
        "sp 016330616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035332F757365722F636F6E6E656374696F6E732335",
        "so ",
        "sw 0163",
        "sd 016330616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035332F757365722F636F6E6E656374696F6E732335",
        "sq 016330616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035332F757365722F636F6E6E656374696F6E732335",
        "sv 00",
        "cc 01630902AC0201010103011D616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035334D",
        "cc 01630902AC020288026E6F",
        "cc 01630902AC02038E026E6F",
        "cc 01630902AC020401058F030D0103013201700708060174020102",
        "cc 01630902AC020505928F03",
        "cc 01630902AC0206010400013201700708060174020102",
        "cc 01630902AC0207010101",
        "cc 01630902AC0208020111",
        "cc 01630902AC02090607080600FFFFFFFFFFFFFFFFFF01020102",
        "cc 01630902AC02090600000001970100",
        "cc 01630902AC020A0601",
        "cc 01630902AC020B0A",
        "cc 01630902AC020C",
        "cc 01630902AC020D02011D616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035334D",
        "cc 01630902AC020E0201",
        "cx 016309",
        "dd 0163050103AC02AB0233616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035332F757365722F73657373696F6E2D6F7574626F782335013201700708060174020102",
        "dt 0163AC0201",
        "do 0163AC02",
        "ga 033132372B616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035332F757365722F6775617264732335",
        "gs 033132371D616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035334D30616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035332F757365722F636F6E6E656374696F6E7323350101630901",
    ];
}
