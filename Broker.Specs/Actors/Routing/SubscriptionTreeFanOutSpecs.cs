using System.Diagnostics;
using Broker.Actors.Routing;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Routing;

public class SubscriptionTreeFanOutSpecs
{
    private readonly SubscriptionTree _tree = new();

    [Fact]
    public void A_hundred_thousand_subscribers_of_one_filter_come_and_go_in_linear_time()
    {
        TestSubscriber[] subscribers = Subscribers(100_000);
        var watch = Stopwatch.StartNew();

        SubscribeAll(subscribers, "a/b");
        _tree.Match("a/b").Recipients.Should().HaveCount(subscribers.Length);
        for (int i = 0; i < subscribers.Length; i += 2)
        {
            _tree.Unsubscribe(subscribers[i], Filters.Of("a/b")).Should().BeTrue();
        }

        var odd = subscribers.Where((_, i) => i % 2 == 1).ToHashSet<Subscriber>();
        _tree.Match("a/b").Recipients.Select(recipient => recipient.Subscriber).ToHashSet().SetEquals(odd).Should().BeTrue();
        foreach (Subscriber subscriber in odd)
        {
            _tree.Unsubscribe(subscriber, Filters.Of("a/b"));
        }

        _tree.IsPruned.Should().BeTrue();
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5), "a search or a copy for each would take minutes");
    }

    [Fact]
    public void Overlapping_crowds_are_merged_in_linear_time()
    {
        TestSubscriber[] subscribers = Subscribers(50_000);
        SubscribeAll(subscribers, "a/b");
        SubscribeAll(subscribers[10_000..], "a/+");
        SubscribeAll(subscribers[..40_000], "#");
        var watch = Stopwatch.StartNew();

        Recipient[] recipients = _tree.Match("a/b").Recipients;

        recipients.Select(recipient => recipient.Subscriber).ToHashSet().SetEquals(subscribers).Should().BeTrue();
        recipients.Should().HaveCount(subscribers.Length);
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(40)]
    [InlineData(1_000)]
    public void Crowds_of_any_size_are_merged(int size)
    {
        TestSubscriber[] subscribers = Subscribers(size);
        foreach (TestSubscriber subscriber in subscribers)
        {
            _tree.Subscribe(subscriber, Filters.Of("a/b"), new(QualityOfService.AtLeastOnce, SubscriptionIdentifier: 1));
            _tree.Subscribe(subscriber, Filters.Of("a/#"), new(QualityOfService.AtMostOnce, SubscriptionIdentifier: 2));
        }

        SubscribeAll(Subscribers(3), "+/b");

        Recipient[] recipients = _tree.Match("a/b").Recipients;
        recipients.Should().HaveCount(size + 3);
        recipients.Count(recipient => recipient.SubscriptionIdentifiers is { Length: 2 } && recipient.QoS == QualityOfService.AtLeastOnce).Should().Be(size);
    }

    [Fact]
    public void Ten_thousand_children_of_one_level_come_and_go()
    {
        var subscriber = new TestSubscriber("one");
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 10_000; i++)
            {
                _tree.Subscribe(subscriber, Filters.Of($"a/{i}/b"), Filters.QoS0);
            }

            for (int i = 0; i < 10_000; i += 3)
            {
                _tree.Unsubscribe(subscriber, Filters.Of($"a/{i}/b"));
            }

            for (int i = 0; i < 10_000; i++)
            {
                _tree.Match($"a/{i}/b").Recipients.Should().HaveCount(i % 3 == 0 ? 0 : 1);
                _tree.Unsubscribe(subscriber, Filters.Of($"a/{i}/b"));
            }

            _tree.IsPruned.Should().BeTrue();
        }
    }

    private static TestSubscriber[] Subscribers(int count) => [.. Enumerable.Range(0, count).Select(i => new TestSubscriber($"s{i}"))];

    private void SubscribeAll(IEnumerable<TestSubscriber> subscribers, string filter)
    {
        foreach (TestSubscriber subscriber in subscribers)
        {
            _tree.Subscribe(subscriber, Filters.Of(filter), Filters.QoS0);
        }
    }
}
