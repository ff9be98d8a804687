using Broker.Actors.Routing;
using Broker.Protocol.Packets;
using Broker.Protocol.Topics;
using CsCheck;

namespace Broker.Specs.Actors.Routing;

/// <summary>Any sequence of writes leaves the tree in agreement with a list that is searched from end to end.</summary>
public class SubscriptionTreeModelSpecs
{
    private static readonly Gen<string> Level = Pick("a", "b", "c", "", "$d");

    private static readonly Gen<string> Topic = Level.Array[1, 4].Select(levels => string.Join('/', levels)).Where(topic => topic.Length > 0);

    private static readonly Gen<string> Filter = Gen
        .Select(Gen.OneOf(Level, Gen.Const("+")).Array[1, 4], Gen.Bool, Pick("", "", "$share/g/", "$share/h/"))
        .Select((levels, open, share) => share + string.Join('/', levels) + (open ? "/#" : ""))
        .Where(filter => filter.Length > 0 && !filter.EndsWith("share/g/", StringComparison.Ordinal) && !filter.EndsWith("share/h/", StringComparison.Ordinal));

    private static readonly Gen<SubscriptionOptions> Options = Gen
        .Select(Gen.Int[0, 2], Gen.Bool, Gen.Bool, Gen.UInt[0, 3])
        .Select((qos, noLocal, retain, id) => new SubscriptionOptions((QualityOfService)qos, noLocal, retain, id));

    private static readonly Gen<Write> Writes = Gen
        .Select(Gen.Int[0, 4], Filter, Options, Gen.Int[0, 2])
        .Select((subscriber, filter, options, kind) => new Write(subscriber, filter, options, Remove: kind == 0));

    [Fact]
    public void It_agrees_with_a_naive_model() =>
        Gen.Select(Writes.Array[0, 60], Topic.Array[4]).Sample((writes, topics) => Check(writes, topics), iter: 3_000);

    private static Gen<string> Pick(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static void Check(Write[] writes, string[] topics)
    {
        var tree = new SubscriptionTree();
        TestSubscriber[] subscribers = [.. Enumerable.Range(0, 5).Select(i => new TestSubscriber($"s{i}"))];
        var model = new Dictionary<(TestSubscriber Subscriber, string Filter), SubscriptionOptions>();
        foreach (Write write in writes)
        {
            TestSubscriber subscriber = subscribers[write.Subscriber];
            if (write.Remove)
            {
                tree.Unsubscribe(subscriber, Filters.Of(write.Filter)).Should().Be(model.Remove((subscriber, write.Filter)));
            }
            else
            {
                tree.Subscribe(subscriber, Filters.Of(write.Filter), write.Options).Should().Be(!model.ContainsKey((subscriber, write.Filter)));
                model[(subscriber, write.Filter)] = write.Options;
            }
        }

        tree.Count.Should().Be(model.Count);
        foreach (string topic in topics)
        {
            Compare(tree.Match(topic), model, topic);
        }

        foreach ((TestSubscriber subscriber, string filter) in model.Keys)
        {
            tree.Unsubscribe(subscriber, Filters.Of(filter)).Should().BeTrue();
        }

        tree.IsPruned.Should().BeTrue();
    }

    private static void Compare(MatchResult result, Dictionary<(TestSubscriber Subscriber, string Filter), SubscriptionOptions> model, string topic)
    {
        var matching = model.Where(entry => TopicFilter.Matches(Filters.Of(entry.Key.Filter).Filter, topic)).ToList();
        var expected = matching
            .Where(entry => !Filters.Of(entry.Key.Filter).IsShared)
            .GroupBy(entry => entry.Key.Subscriber, entry => entry.Value)
            .Select(group => Describe(group.Key, group) + " own " + Describe(group.Key, group.Where(options => !options.NoLocal)));
        var actual = result.Recipients.Select(recipient => Describe(recipient) + " own " + Describe(recipient.ForOwnMessages));
        actual.Should().BeEquivalentTo(expected, topic);

        var groups = matching.Where(entry => Filters.Of(entry.Key.Filter).IsShared).GroupBy(entry => entry.Key.Filter, entry => entry.Key.Subscriber);
        result.Groups.Select(group => $"$share/{group.ShareName}/{group.Filter} {group.Count}")
            .Should().BeEquivalentTo(groups.Select(group => $"{group.Key} {group.Count()}"), topic);
    }

    private static string Describe(Subscriber subscriber, IEnumerable<SubscriptionOptions> subscriptions)
    {
        var all = subscriptions.ToList();
        if (all.Count == 0)
        {
            return "nothing";
        }

        var identifiers = all.Select(options => options.SubscriptionIdentifier).Where(id => id != 0).Order();
        return $"{subscriber} {all.Max(options => options.QoS)} {all.Any(options => options.RetainAsPublished)} [{string.Join(',', identifiers)}]";
    }

    private static string Describe(Recipient? recipient) => recipient is null
        ? "nothing"
        : $"{recipient.Subscriber} {recipient.QoS} {recipient.RetainAsPublished} [{string.Join(',', (recipient.SubscriptionIdentifiers ?? []).Order())}]";

    private sealed record Write(int Subscriber, string Filter, SubscriptionOptions Options, bool Remove);
}
