using System.Text;
using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Actors.Security;
using Broker.Actors.Tracing;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Connections;
using Broker.Specs.Actors.Security;

namespace Broker.Specs.Actors.Tracing;

/// <summary>What a trace tells of a connection.</summary>
public sealed class ClientTraceSpecs
{
    private const int Rate = 1_000;

    [Fact]
    public void A_client_is_seen_from_CONNECT_to_its_end()
    {
        var broker = new TestBroker();
        var trace = Begin(broker, new TraceFilter("c"));

        var client = broker.Connect(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c", UserName = "alice", Password = "secret"u8.ToArray() });
        broker.Subscribe(client, "a/#", QualityOfService.AtLeastOnce);
        client.Send(Packets.Publish1(7, "a/b", "payload"));
        broker.Run();
        client.Send(new PubAckPacket { PacketId = 1 });
        client.Send(PingReqPacket.Instance);
        client.Send(new DisconnectPacket());
        broker.Run();

        var lines = Lines(trace);
        lines.Select(line => $"{line.Event} {line.Packet}".TrimEnd()).Should().Equal(
            "received CONNECT", "held", "sent CONNACK", "released", "received SUBSCRIBE", "sent SUBACK", "received PUBLISH", "sent PUBLISH", "routed", "sent PUBACK",
            "received PUBACK", "received PINGREQ", "sent PINGRESP", "received DISCONNECT", "closed");
        lines.Should().OnlyContain(line => line.ClientId == "c" && line.Node == "here" && line.Address == "127.0.0.1:40000");
        lines[0].Reason.Should().Contain("5.0").And.Contain("alice");
        lines[6].Should().BeEquivalentTo(new { Topic = "a/b", QoS = 1, PacketId = 7, Bytes = 7 });
        lines[8].Reason.Should().Be("1 live sessions here, 0 durable sessions, 0 shared groups, 0 other nodes");
        lines.Select(line => line.ToString()).Should().NotContain(line => line.Contains("secret") || line.Contains("payload"));
    }

    [Fact]
    public void One_that_is_connected_is_seen_from_now_on_and_not_any_more_once_it_is_over()
    {
        var broker = new TestBroker(loops: 2);
        var (client, other) = (broker.Connect("c"), broker.Connect("other", loop: 1));
        client.Send(PingReqPacket.Instance);
        var trace = Begin(broker, new TraceFilter("c"));

        client.Send(PingReqPacket.Instance);
        other.Send(PingReqPacket.Instance);
        Lines(trace).Select(line => line.Event).Should().Equal(TraceEvents.Received, TraceEvents.Sent);

        broker.Context.Traces.Remove(trace.Id);
        broker.Run();
        client.Send(PingReqPacket.Instance);
        trace.Fetch(0, int.MaxValue).Lines.Should().HaveCount(3, "of which one says that it begins");
    }

    [Fact]
    public void A_topic_shows_its_messages_whoever_sends_and_gets_them()
    {
        var broker = new TestBroker();
        var (publisher, subscriber) = (broker.Connect("p"), broker.Connect("s"));
        broker.Subscribe(subscriber, "#");
        var trace = Begin(broker, new TraceFilter(Topic: "a/+"));

        publisher.Send(Packets.Publish("a/b"), Packets.Publish("b"), new PublishPacket { Topic = "a/c", TopicAlias = 1 }, new PublishPacket { Topic = "", TopicAlias = 1 });
        broker.Run();

        Lines(trace).Select(line => (line.ClientId, line.Event, line.Topic)).Should().Equal(
            ("p", "received", "a/b"), ("s", "sent", "a/b"), ("p", "routed", "a/b"),
            ("p", "received", "a/c"), ("s", "sent", "a/c"), ("p", "routed", "a/c"),
            ("p", "received", "a/c"), ("s", "sent", "a/c"), ("p", "routed", "a/c"));
    }

    [Fact]
    public void An_address_shows_also_who_never_gets_as_far_as_CONNACK()
    {
        var broker = new TestBroker(limits: new LimitsOptions { MaxClientIdLength = 23 });
        var trace = Begin(broker, new TraceFilter(Address: "127.0.0.1"));

        var client = broker.Open();
        client.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = new string('x', 300) });
        broker.Run();

        var lines = Lines(trace);
        lines.Select(line => $"{line.Event} {line.Packet}".TrimEnd()).Should().Equal("opened", "received CONNECT", "refused", "sent CONNACK", "closed");
        lines[2].ReasonCode.Should().Be("0x85 ClientIdentifierNotValid");
        lines[2].Reason.Should().Contain("longer than 23 bytes");
        lines[1].ClientId.Should().HaveLength(TraceText.Longest).And.EndWith("…");
    }

    [Fact]
    public void The_rule_that_refuses_is_named()
    {
        var access = new AccessControl(
            AccessPolicySpecs.Policy(false, "deny publish client c %c/secret", "allow all all %c/#", "deny subscribe role guest c/x", "allow publish all open"), isOpen: false);
        var broker = new TestBroker(access: access);
        var trace = Begin(broker, new TraceFilter("c"));
        var client = broker.Connect("c");
        broker.Subscribe(client, "c/#");
        broker.Subscribe(client, "other");
        access.Replace(AccessPolicySpecs.Policy(true, "deny publish client c %c/secret", "deny subscribe all c/got"));

        client.Send(Packets.Publish("c/secret"), Packets.Publish1(1, "c/secret"), Packets.Publish("c/got"));
        broker.Run();

        var refused = Lines(trace).Where(line => line.Event is TraceEvents.Refused or TraceEvents.Dropped).ToList();
        refused.Select(line => line.Reason!.Split(": ")[^1]).Should().Equal(
            "no rule allows it", "deny publish client c c/secret", "deny publish client c c/secret");
        refused[0].Filters.Should().Equal("other");
        refused[1].Topic.Should().Be("c/secret");
        refused[1].ReasonCode.Should().Be("0x87 NotAuthorized");
    }

    [Fact]
    public void What_waits_and_what_is_lost_has_its_reason()
    {
        var broker = new TestBroker(limits: new LimitsOptions { MaxQueuedMessages = 1 });
        var client = broker.Connect(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c", ReceiveMaximum = 1, MaximumPacketSize = 50 });
        broker.Subscribe(client, "#", QualityOfService.AtLeastOnce);
        var publisher = broker.Connect("p");
        var trace = Begin(broker, new TraceFilter("c"));

        publisher.Send(Packets.Publish1(1, "1"), Packets.Publish1(2, "2"), Packets.Publish1(3, "3"));
        publisher.Send(new PublishPacket { Topic = "large", Payload = Encoding.UTF8.GetBytes(new string('x', 100)) });
        broker.Run();

        Lines(trace).Select(line => (line.Event, line.Topic)).Should().Equal(
            ("sent", "1"), ("queued", "2"), ("dropped", "3"), ("dropped", "large"));
    }

    [Fact]
    public void A_client_that_is_held_is_told_with_its_limit()
    {
        var broker = new TestBroker(limits: new LimitsOptions { MaxMessageRate = 2 });
        var client = broker.Connect("c");
        var trace = Begin(broker, new TraceFilter("c"));

        client.Send(Packets.Publish("t"), Packets.Publish("t"));
        broker.Time.Advance(TimeSpan.FromSeconds(1));
        broker.Run();

        Lines(trace).Where(line => line.Event is TraceEvents.Held or TraceEvents.Released).Select(line => (line.Event, line.Reason)).Should().Equal(
            (TraceEvents.Held, HoldReasons.Rate.Name()), (TraceEvents.Released, HoldReasons.Rate.Name()));
    }

    private static NodeTrace Begin(TestBroker broker, TraceFilter filter)
    {
        var trace = broker.Context.Traces.Find("t", new TraceRequest(filter, TimeSpan.FromMinutes(1), Rate))!;
        broker.Run();
        return trace;
    }

    /// <summary>Behind the one that says that it begins.</summary>
    private static List<TraceLine> Lines(NodeTrace trace) => [.. trace.Fetch(0, int.MaxValue).Lines.Skip(1)];
}
