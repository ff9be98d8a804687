using Akka.Actor;
using Akka.TestKit.Xunit2;
using Broker.Actors.Clustering.Links;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Connections;
using Broker.Actors.Security;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Clustering.Routes;
using Broker.Specs.Actors.Connections;
using Broker.Specs.Actors.Routing;
using Broker.Specs.Actors.Security;
using static Broker.Specs.Actors.Clustering.FaultyWire;

namespace Broker.Specs.Actors.Clustering.Links;

/// <summary>A link and a receiver, with a wire each way that a spec spoils.</summary>
public sealed class NodeLinkSpecs : TestKit
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly TestBroker _from = new();
    private readonly AccessControl _access = new(AccessPolicySpecs.Policy(true), isOpen: false);
    private readonly TestBroker _to;
    private readonly RemoteNode _node = RouteTableSpecs.Node(2);
    private readonly FaultyWire _there = new("there");
    private readonly FaultyWire _back = new("back");
    private readonly ClusterMembers _members = new(RouteTableSpecs.Node(2).Address);
    private readonly FakeChannel _publisher;

    public NodeLinkSpecs()
        : base("akka.loglevel = WARNING")
    {
        _to = new TestBroker(loops: 2, access: _access);
        var dispatcher = new LinkDispatcher(_to.Context.Routes, _to.Context.Retained, _to.Context.Access, _to.Loops, _to.Context.Directory);
        var inboxes = new Dictionary<int, LinkInbox>();
        _there.Target = Sys.ActorOf(Props.Create(() => new LinkReceiver(_members, dispatcher, inboxes)));
        _there.AnswersBy = _back;
        var sender = new LinkSender(_node);
        Action<SharedPick> again = pick => pick.Loop.Executor.Execute(() => _from.Context.Router.PickAgain(pick));
        _node.Link = Sys.ActorOf(Props.Create(() => new NodeLink(1, _node, sender, _there, again)));
        _back.Target = _node.Link;
        _from.Context.Routes.Apply((tree, _, _) => tree.Subscribe(_node, Filters.Of("t/#"), new(QualityOfService.ExactlyOnce)));
        _publisher = _from.Connect("p");
    }

    [Fact]
    public void Lost_and_doubled_batches_and_answers_change_nothing_for_the_subscribers()
    {
        var subscribers = Enumerable.Range(0, 2).Select(loop => _to.Connect($"s{loop}", loop: loop)).ToArray();
        foreach (var subscriber in subscribers)
        {
            _to.Subscribe(subscriber, "t/#");
        }

        var random = new Random(4);
        Fault Spoil(object message) => random.Next(5) switch { 0 => Fault.Lost, 1 => Fault.Doubled, _ => Fault.None };
        _there.Set(Spoil);
        _back.Set(Spoil);
        for (ushort id = 1; id <= 200; id++)
        {
            _publisher.Send(Packets.Publish1(id, $"t/{id % 7}", $"{id}"));
            Run();
        }

        Until(() => _publisher.Sent.Count == 200);
        var expected = Enumerable.Range(1, 200).Select(id => $"{id}").ToArray();
        subscribers.Should().AllSatisfy(subscriber => subscriber.Payloads().Should().Equal(expected));
        _publisher.Sent.Cast<PubAckPacket>().Should().OnlyContain(ack => ack.ReasonCode == ReasonCode.Success);
        _node.Publications.Should().Be(200);
    }

    [Fact]
    public void A_publish_is_acknowledged_only_when_the_other_nodes_loops_have_it()
    {
        _to.Subscribe(_to.Connect("s"), "t/#");
        _back.Set(_ => Fault.Held);
        _publisher.Send(Packets.Publish1(1, "t/1"));
        Until(() => _back.Log.Count > 0);
        Run();
        _publisher.Sent.Should().BeEmpty();
        _back.Release();
        Until(() => _publisher.Sent.Count == 1);
    }

    [Fact]
    public void A_refusal_survives_the_loss_of_the_answer_that_told_it()
    {
        var members = new[] { 40L, 41L }.Select(number => new RemoteMember(_node, number)).ToArray();
        foreach (var member in members)
        {
            _from.Context.Routes.Apply((tree, _, _) => tree.Subscribe(member, Filters.Of("$share/g/s"), new(QualityOfService.AtLeastOnce)));
        }

        var here = _from.Connect("here");
        _from.Subscribe(here, "$share/g/s", QualityOfService.AtLeastOnce);
        var answers = 0;
        _back.Set(_ => ++answers <= 2 ? Fault.Lost : Fault.None);
        _publisher.Send(Packets.Publish1(1, "s", "1"), Packets.Publish1(2, "s", "2"), Packets.Publish1(3, "s", "3"));
        Until(() => _publisher.Sent.Count == 3);
        here.Payloads().Should().BeEquivalentTo("1", "2", "3");
    }

    [Fact]
    public void A_member_there_that_may_not_have_it_leaves_it_to_one_here()
    {
        var there = _to.Connect("there");
        var number = ((ClientConnection)there.Handler).Number;
        _from.Context.Routes.Apply((tree, _, _) => tree.Subscribe(new RemoteMember(_node, number), Filters.Of("$share/g/s"), new(QualityOfService.AtLeastOnce)));
        _access.Replace(AccessPolicySpecs.Policy(true, "deny subscribe client there s"));
        var here = _from.Connect("here");
        _from.Subscribe(here, "$share/g/s", QualityOfService.AtLeastOnce);

        _publisher.Send(Packets.Publish1(1, "s", "1"), Packets.Publish1(2, "s", "2"));
        Until(() => _publisher.Sent.Count == 2);

        here.Payloads().Should().BeEquivalentTo("1", "2");
        there.Payloads().Should().BeEmpty();
    }

    [Fact]
    public void A_silent_node_costs_a_set_amount_of_memory_and_holds_only_those_who_must_reach_it()
    {
        _there.Set(_ => Fault.Lost);
        var large = new string('x', 500_000);
        for (ushort id = 1; id <= 200; id++)
        {
            _publisher.Send(Packets.Publish1(id, "t/1", large));
            Run();
        }

        _publisher.IsPaused.Should().BeTrue();
        _node.Bytes.Should().BeInRange(LinkLimits.High, LinkLimits.High + 1_100_000);
        var other = _from.Connect("other");
        other.Send(Packets.Publish("t/1", "dropped"), Packets.Publish1(1, "elsewhere", "goes on"));
        Run();
        other.IsPaused.Should().BeFalse();
        other.Next<PubAckPacket>();
        _from.Counters.Dropped(DropReason.LinkFull).Should().Be(1);
        _there.Log.OfType<LinkWire.Batch>().Select(batch => batch.Sequence).Distinct().Should().HaveCountLessThan(
            12, "what is on its way is bounded, whatever waits");

        _there.Release();
        Until(() => _publisher.Sent.Count == 200);
        _publisher.IsPaused.Should().BeFalse();
        _node.Bytes.Should().Be(0);
    }

    [Fact]
    public void When_the_node_is_removed_nothing_waits_for_it_any_more()
    {
        _there.Set(_ => Fault.Lost);
        _publisher.Send(Packets.Publish1(1, "t/1"));
        Run();
        _node.Leave();
        _node.Link.Tell(NodeLink.Gone.Instance);
        Until(() => _publisher.Sent.Count == 1);
        _publisher.Next<PubAckPacket>().ReasonCode.Should().Be(ReasonCode.NoMatchingSubscribers);
        _node.Bytes.Should().Be(0);

        _publisher.Send(Packets.Publish1(2, "t/1"));
        Until(() => _publisher.Sent.Count == 1);
    }

    [Fact]
    public void A_removed_node_is_heard_no_more_and_another_process_under_the_address_does_not_listen()
    {
        var subscriber = _to.Connect("s");
        _to.Subscribe(subscriber, "t/#");
        var content = Content("t/1");
        _there.Tell(new LinkWire.Batch(From: 1, To: 3, Sequence: 1, Confirmed: 0, [content]), ActorRefs.NoSender);
        _there.Tell(new LinkWire.Batch(From: 1, To: 2, Sequence: 1, Confirmed: 0, [content]), ActorRefs.NoSender);
        Until(() => subscriber.Sent.Count == 1);
        var sender = new Akka.Cluster.UniqueAddress(new Address("akka.tcp", "mqtt", "127.0.0.1", 1), 1);
        _members.Add(sender);
        _members.Remove(sender);
        _there.Tell(new LinkWire.Batch(From: 1, To: 2, Sequence: 2, Confirmed: 0, [content]), ActorRefs.NoSender);
        _there.Tell(new LinkWire.Batch(From: 9, To: 2, Sequence: 1, Confirmed: 0, [Content("t/end")]), ActorRefs.NoSender);
        Until(() => subscriber.Sent.Count == 2);
        subscriber.Next<PublishPacket>();
        subscriber.Next<PublishPacket>().Topic.Should().Be("t/end");
    }

    private static byte[] Content(string topic)
    {
        var writer = new Broker.Actors.Storage.Encoding.ByteWriter();
        LinkItemCodec.Write(writer, Packets.Message(topic));
        return writer.Take();
    }

    private void Run()
    {
        _from.Run();
        _to.Run();
    }

    private void Until(Func<bool> condition) => SpinWait.SpinUntil(
        () =>
        {
            Run();
            return condition();
        },
        Deadline).Should().BeTrue();
}
