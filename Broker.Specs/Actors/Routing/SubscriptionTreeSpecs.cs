using Broker.Actors.Routing;
using Broker.Protocol.Packets;
using Broker.Protocol.Topics;

namespace Broker.Specs.Actors.Routing;

public class SubscriptionTreeSpecs
{
    private readonly SubscriptionTree _tree = new();
    private readonly TestSubscriber _subscriber = new("one");

    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/B", false)]
    [InlineData("a/b", "a", false)]
    [InlineData("a/b", "a/b/c", false)]
    [InlineData("a/b", "a/b/", false)]
    [InlineData("/a", "/a", true)]
    [InlineData("/a", "a", false)]
    [InlineData("a//b", "a//b", true)]
    [InlineData("a//b", "a/b", false)]
    [InlineData("/", "/", true)]
    [InlineData("+", "a", true)]
    [InlineData("+", "/a", false)]
    [InlineData("+/+", "/a", true)]
    [InlineData("/+", "/a", true)]
    [InlineData("a/+/c", "a//c", true)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/+", "a/", true)]
    [InlineData("#", "a/b/c", true)]
    [InlineData("#", "/", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/", true)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("a/#", "ab", false)]
    [InlineData("+/#", "a", true)]
    [InlineData("a/+/#", "a", false)]
    [InlineData("a/+/#", "a/b", true)]
    [InlineData("#", "$SYS/broker", false)]
    [InlineData("+/broker", "$SYS/broker", false)]
    [InlineData("+/#", "$SYS", false)]
    [InlineData("$SYS/#", "$SYS/broker", true)]
    [InlineData("$SYS/+", "$SYS/broker", true)]
    [InlineData("a/+", "a/$b", true)]
    [InlineData("ä/ö", "ä/ö", true)]
    public void A_filter_matches_as_section_4_7_says(string filter, string topic, bool matches)
    {
        _tree.Subscribe(_subscriber, Filters.Of(filter), Filters.QoS0).Should().BeTrue();

        _tree.Match(topic).Recipients.Should().HaveCount(matches ? 1 : 0);
        TopicFilter.Matches(filter, topic).Should().Be(matches, "the oracle of the property specs must agree");

        _tree.Unsubscribe(_subscriber, Filters.Of(filter)).Should().BeTrue();
        _tree.IsPruned.Should().BeTrue();
    }

    [Fact]
    public void The_same_filter_again_replaces_the_options()
    {
        _tree.Subscribe(_subscriber, Filters.Of("a/+"), Filters.QoS0).Should().BeTrue();
        _tree.Subscribe(_subscriber, Filters.Of("a/+"), new(QualityOfService.ExactlyOnce, SubscriptionIdentifier: 7)).Should().BeFalse();

        _tree.Count.Should().Be(1);
        Recipient recipient = _tree.Match("a/b").Recipients.Should().ContainSingle().Subject;
        recipient.QoS.Should().Be(QualityOfService.ExactlyOnce);
        recipient.SubscriptionIdentifiers.Should().Equal(7u);
    }

    [Fact]
    public void A_topic_that_nobody_wants_allocates_one_result_for_a_version()
    {
        MatchResult first = _tree.Match("a");

        first.IsEmpty.Should().BeTrue();
        _tree.Match("b").Should().BeSameAs(first);
        _tree.Subscribe(_subscriber, Filters.Of("c"), Filters.QoS0);
        _tree.Match("a").Version.Should().Be(_tree.Version);
    }

    [Fact]
    public void Every_write_makes_earlier_results_look_old()
    {
        MatchResult before = _tree.Match("a");
        _tree.Subscribe(_subscriber, Filters.Of("a"), Filters.QoS0);
        MatchResult between = _tree.Match("a");
        _tree.Subscribe(_subscriber, Filters.Of("a"), Filters.QoS0);
        MatchResult replaced = _tree.Match("a");
        _tree.Unsubscribe(_subscriber, Filters.Of("a"));

        long[] versions = [before.Version, between.Version, replaced.Version, _tree.Version];
        versions.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    [Fact]
    public void Removing_what_is_not_there_changes_nothing()
    {
        _tree.Subscribe(_subscriber, Filters.Of("a/b"), Filters.QoS0);
        long version = _tree.Version;

        string[] others = ["a", "a/b/c", "a/#", "a/+", "b", "$share/g/a/b"];
        foreach (string other in others)
        {
            _tree.Unsubscribe(_subscriber, Filters.Of(other)).Should().BeFalse();
        }

        _tree.Unsubscribe(new TestSubscriber("two"), Filters.Of("a/b")).Should().BeFalse();
        _tree.Version.Should().Be(version);
        _tree.Match("a/b").Recipients.Should().HaveCount(1);
    }

    [Fact]
    public void Overlapping_filters_make_one_recipient_with_the_highest_QoS_and_all_identifiers()
    {
        _tree.Subscribe(_subscriber, Filters.Of("a/b"), new(QualityOfService.AtMostOnce, SubscriptionIdentifier: 1));
        _tree.Subscribe(_subscriber, Filters.Of("a/+"), new(QualityOfService.ExactlyOnce));
        _tree.Subscribe(_subscriber, Filters.Of("a/#"), new(QualityOfService.AtLeastOnce, RetainAsPublished: true, SubscriptionIdentifier: 3));

        Recipient recipient = _tree.Match("a/b").Recipients.Should().ContainSingle().Subject;

        recipient.QoS.Should().Be(QualityOfService.ExactlyOnce);
        recipient.RetainAsPublished.Should().BeTrue();
        recipient.SubscriptionIdentifiers.Should().BeEquivalentTo([1u, 3u]);
        recipient.ForOwnMessages.Should().BeSameAs(recipient);
    }

    [Fact]
    public void No_local_takes_only_its_own_subscriptions_away()
    {
        _tree.Subscribe(_subscriber, Filters.Of("a/b"), new(QualityOfService.ExactlyOnce, NoLocal: true, SubscriptionIdentifier: 1));
        _tree.Match("a/b").Recipients[0].ForOwnMessages.Should().BeNull();

        _tree.Subscribe(_subscriber, Filters.Of("#"), new(QualityOfService.AtLeastOnce, NoLocal: true, SubscriptionIdentifier: 2));
        _tree.Match("a/b").Recipients[0].ForOwnMessages.Should().BeNull();

        _tree.Subscribe(_subscriber, Filters.Of("a/+"), new(QualityOfService.AtMostOnce, SubscriptionIdentifier: 3));
        _tree.Subscribe(_subscriber, Filters.Of("+/b"), new(QualityOfService.AtMostOnce, SubscriptionIdentifier: 4));
        Recipient recipient = _tree.Match("a/b").Recipients.Should().ContainSingle().Subject;
        recipient.QoS.Should().Be(QualityOfService.ExactlyOnce);
        recipient.SubscriptionIdentifiers.Should().BeEquivalentTo([1u, 2u, 3u, 4u]);
        recipient.ForOwnMessages!.QoS.Should().Be(QualityOfService.AtMostOnce);
        recipient.ForOwnMessages.SubscriptionIdentifiers.Should().BeEquivalentTo([3u, 4u]);
    }

    [Fact]
    public void Levels_longer_than_a_shared_source_still_match()
    {
        string filter = new string('x', 300) + "/+/" + new string('y', 60_000);
        _tree.Subscribe(_subscriber, Filters.Of(filter), Filters.QoS0);

        _tree.Match(filter.Replace('+', 'z')).Recipients.Should().HaveCount(1);
        _tree.Match(filter.Replace('+', 'z') + "y").Recipients.Should().BeEmpty();
    }

    [Fact]
    public void A_filter_of_very_many_levels_does_not_overflow_the_stack()
    {
        string deep = string.Concat(Enumerable.Repeat("a/", 30_000)) + "a";
        string wild = string.Concat(Enumerable.Repeat("+/", 30_000)) + "+";
        _tree.Subscribe(_subscriber, Filters.Of(deep), Filters.QoS0);
        _tree.Subscribe(_subscriber, Filters.Of(wild), Filters.QoS0);

        _tree.Match(deep).Recipients.Should().ContainSingle();
    }
}
