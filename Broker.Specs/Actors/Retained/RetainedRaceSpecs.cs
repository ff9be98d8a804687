using Broker.Actors.Hosting;
using Broker.Actors.Retained;
using Broker.Actors.Routing;
using Broker.Actors.Security;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Connections;

namespace Broker.Specs.Actors.Retained;

/// <summary>Hard case 10: a SUBSCRIBE among retained publishes, in every order of their steps.</summary>
public class RetainedRaceSpecs
{
    private const int Node = 7;

    // The steps of publishes a and b, and of the SUBSCRIBE, each in their own order.
    private static readonly string[] Publish1 = ["begin a", "match a", "apply a", "complete a"];
    private static readonly string[] Publish2 = ["begin b", "match b", "apply b", "complete b"];
    private static readonly string[] Subscribe = ["route", "barrier"];

    [Fact]
    public void In_every_interleaving_the_subscriber_ends_with_the_last_value_and_sees_none_after_a_newer_one()
    {
        var count = 0;
        foreach (var publishes in Interleave(Publish1, Publish2).Where(InOwnersOrder))
        {
            foreach (var steps in Interleave(publishes, Subscribe))
            {
                count++;
                var seen = new World().Run(steps);
                var why = string.Join(", ", steps) + " gave " + string.Join(",", seen);
                seen.Should().NotBeEmpty(why);
                seen[^1].Should().Be("b", why);
                seen.SkipWhile(value => value == "a").Should().OnlyContain(value => value == "b", why);
            }
        }

        count.Should().BeGreaterThan(500);
    }

    [Fact]
    public void A_write_that_was_refused_holds_nobody_up()
    {
        var gateway = new RetainedGateway(Node, TimeProvider.System);
        var number = gateway.Begin(Packets.Message("t"));
        var released = 0;
        gateway.IsCaughtUp(gateway.Barriers(), () => released++).Should().BeFalse();
        gateway.Complete(number, DeliveryOutcome.Failed);
        gateway.Complete(number, DeliveryOutcome.Failed);
        released.Should().Be(1);
        gateway.IsCaughtUp(gateway.Barriers(), () => released++).Should().BeTrue();
    }

    [Fact]
    public void The_copy_counts_messages_and_bytes_and_knows_whether_one_more_fits()
    {
        var copy = new RetainedCopy();
        copy.Apply(new RetainedMessage(Packets.Message("ab", "12345"), Node, 1));
        copy.Apply(new RetainedMessage(Packets.Message("cd", "1"), Node, 2));
        (copy.Count, copy.Bytes).Should().Be((2, 10));
        copy.Apply(new RetainedMessage(Packets.Message("ab", "1"), Node, 3));
        (copy.Count, copy.Bytes).Should().Be((2, 6));

        var limits = new LimitsOptions { MaxRetainedMessages = 2, MaxRetainedBytes = 8 };
        copy.TryReserve(Packets.Message("ef", "1"), limits).Should().BeNull("there are two");
        copy.TryReserve(Packets.Message("ab", "1234"), limits).Should().BeNull("that is nine bytes");
        copy.TryReserve(Packets.Message("ef", ""), limits).Should().Be(new RetainedRoom(0, 0), "a removal takes no room");
        copy.TryReserve(Packets.Message("ab", "123"), limits).Should().Be(new RetainedRoom(0, 2), "it takes the place of one");
        copy.TryReserve(Packets.Message("cd", "12"), limits).Should().BeNull("the other is on its way");
        copy.Free(new RetainedRoom(0, 2));
        copy.TryReserve(Packets.Message("cd", "12"), limits).Should().Be(new RetainedRoom(0, 1));
        copy.Free(new RetainedRoom(0, 1));

        copy.Apply(new RetainedMessage(Packets.Message("ab", ""), Node, 4));
        copy.Apply(new RetainedMessage(Packets.Message("ab", ""), Node, 5));
        (copy.Count, copy.Bytes).Should().Be((1, 3));
    }

    [Theory]
    [InlineData("t", RetainHandling.SendAtSubscribe, false, true)]
    [InlineData("t", RetainHandling.SendIfNew, false, false)]
    [InlineData("t", RetainHandling.SendIfNew, true, true)]
    [InlineData("t", RetainHandling.DoNotSend, true, false)]
    [InlineData("$share/g/t", RetainHandling.SendAtSubscribe, true, false)]
    public void Retain_Handling_decides_whether_retained_messages_are_owed(string filter, RetainHandling handling, bool isNew, bool owed) =>
        RetainedRequest.IsOwed(Sessions.Given.Subscription(filter, retainHandling: handling), isNew).Should().Be(owed);

    /// <summary>The topic's one owner applies the writes in the order of their numbers.</summary>
    private static bool InOwnersOrder(string[] steps) =>
        (Array.IndexOf(steps, "begin a") < Array.IndexOf(steps, "begin b"))
        && (Array.IndexOf(steps, "apply a") < Array.IndexOf(steps, "apply b"))
        && (Array.IndexOf(steps, "match a") < Array.IndexOf(steps, "match b"));

    private static IEnumerable<string[]> Interleave(string[] left, string[] right)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return [[.. left, .. right]];
        }

        return Interleave(left[1..], right).Select(rest => (string[])[left[0], .. rest])
            .Concat(Interleave(left, right[1..]).Select(rest => (string[])[right[0], .. rest]));
    }

    private sealed class World
    {
        private readonly RetainedGateway _gateway = new(Node, TimeProvider.System);
        private readonly RetainedCopy _copy = new();
        private readonly Dictionary<string, (Publication Publication, long Number)> _writes = [];
        private readonly List<string> _seen = [];
        private bool _isRouted;

        public List<string> Run(string[] steps)
        {
            foreach (var step in steps)
            {
                Do(step, step[^1..]);
            }

            return _seen;
        }

        private void Do(string step, string name)
        {
            switch (step.Split(' ')[0])
            {
                case "begin":
                    var publication = Packets.Message("t", name, retain: true);
                    _writes[name] = (publication, _gateway.Begin(publication));
                    break;
                case "match" when _isRouted:
                    _seen.Add(name);
                    break;
                case "apply":
                    _copy.Apply(new RetainedMessage(_writes[name].Publication, Node, _writes[name].Number));
                    break;
                case "complete":
                    _gateway.Complete(_writes[name].Number, DeliveryOutcome.Accepted);
                    break;
                case "route":
                    _isRouted = true;
                    break;
                case "barrier":
                    var request = new RetainedRequest([Sessions.Given.Subscription("t")], _gateway.Barriers());
                    if (_gateway.IsCaughtUp(request.Barriers, () => Read(request)))
                    {
                        Read(request);
                    }

                    break;
            }
        }

        private void Read(RetainedRequest request) =>
            _seen.AddRange(request.Read(_copy, _gateway, AccessControl.Open, 0).Select(delivery => delivery.Publication.Text()));
    }
}
