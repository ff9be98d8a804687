using Broker.Actors.Routing;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Routing;

public class SharedGroupSpecs
{
    private readonly SubscriptionTree _tree = new();

    [Fact]
    public void Share_names_and_filters_make_groups()
    {
        Join("g", "a/#", 2);
        Join("g", "a/b", 1);
        Join("h", "a/b", 1);
        Join("g", "c", 1);

        MatchResult result = _tree.Match("a/b");

        result.Recipients.Should().BeEmpty();
        result.Groups.Select(group => (group.ShareName, group.Filter, group.Count))
            .Should().BeEquivalentTo([("g", "a/#", 2), ("g", "a/b", 1), ("h", "a/b", 1)]);
        _tree.Count.Should().Be(5);
    }

    [Fact]
    public void A_plain_and_a_shared_subscription_of_one_filter_are_two()
    {
        TestSubscriber member = Join("g", "a", 1)[0];
        _tree.Subscribe(member, Filters.Of("a"), Filters.QoS0).Should().BeTrue();

        _tree.Match("a").Recipients.Should().HaveCount(1);
        _tree.Match("a").Groups.Should().HaveCount(1);

        _tree.Unsubscribe(member, Filters.Of("$share/g/a")).Should().BeTrue();
        _tree.Match("a").Recipients.Should().HaveCount(1);
        _tree.Match("a").Groups.Should().BeEmpty();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(33)]
    public void Members_take_turns(int size)
    {
        TestSubscriber[] members = Join("g", "a", size);

        Dictionary<Subscriber, int> turns = Pick(Group("a"), size * 100);

        turns.Keys.Should().BeEquivalentTo(members);
        turns.Values.Should().OnlyContain(count => count == 100);
    }

    [Fact]
    public void Neither_gaps_nor_offline_members_give_anyone_a_double_turn()
    {
        TestSubscriber[] members = Join("g", "a", 12);
        _tree.Unsubscribe(members[3], Filters.Of("$share/g/a"));
        _tree.Unsubscribe(members[4], Filters.Of("$share/g/a"));
        members[7].Online = members[8].Online = members[9].Online = false;

        Dictionary<Subscriber, int> turns = Pick(Group("a"), 700);

        turns.Keys.Should().BeEquivalentTo(members.Where((member, i) => i is not (3 or 4) && member.Online));
        turns.Values.Should().OnlyContain(count => count == 100);
    }

    [Fact]
    public void Offline_members_take_turns_when_none_is_online()
    {
        TestSubscriber[] members = Join("g", "a", 3);
        foreach (TestSubscriber member in members)
        {
            member.Online = false;
        }

        Pick(Group("a"), 300).Values.Should().Equal(100, 100, 100);
        members[1].Online = true;
        Pick(Group("a"), 10).Should().ContainSingle().Which.Key.Should().BeSameAs(members[1]);
    }

    [Fact]
    public void Those_that_have_been_tried_are_passed_over()
    {
        TestSubscriber[] members = Join("g", "a", 3);
        members[1].Online = false;
        SharedGroup group = Group("a");

        group.TryPick([members[0]], out Recipient? second).Should().BeTrue();
        second!.Subscriber.Should().BeSameAs(members[2]);
        group.TryPick([members[0], members[2]], out Recipient? last).Should().BeTrue();
        last!.Subscriber.Should().BeSameAs(members[1]);
        group.TryPick(members, out Recipient? none).Should().BeFalse();
        none.Should().BeNull();
    }

    [Fact]
    public void A_member_keeps_its_options_and_no_local_means_nothing()
    {
        var member = new TestSubscriber("one");
        _tree.Subscribe(member, Filters.Of("$share/g/a"), new(QualityOfService.AtMostOnce));
        _tree.Subscribe(member, Filters.Of("$share/g/a"), new(QualityOfService.AtLeastOnce, NoLocal: true, SubscriptionIdentifier: 9)).Should().BeFalse();

        Group("a").TryPick(out Recipient? recipient).Should().BeTrue();

        recipient!.QoS.Should().Be(QualityOfService.AtLeastOnce);
        recipient.SubscriptionIdentifiers.Should().Equal(9u);
        recipient.ForOwnMessages.Should().BeSameAs(recipient);
    }

    [Fact]
    public void The_last_member_takes_the_group_with_it()
    {
        TestSubscriber[] members = Join("g", "a/+/b", 2);
        SharedGroup group = Group("a/x/b");
        foreach (TestSubscriber member in members)
        {
            _tree.Unsubscribe(member, Filters.Of("$share/g/a/+/b")).Should().BeTrue();
        }

        _tree.IsPruned.Should().BeTrue();
        group.TryPick(out _).Should().BeFalse();
    }

    private static Dictionary<Subscriber, int> Pick(SharedGroup group, int times)
    {
        var turns = new Dictionary<Subscriber, int>();
        for (int i = 0; i < times; i++)
        {
            group.TryPick(out Recipient? member).Should().BeTrue();
            turns[member!.Subscriber] = turns.GetValueOrDefault(member.Subscriber) + 1;
        }

        return turns;
    }

    private SharedGroup Group(string topic) => _tree.Match(topic).Groups.Should().ContainSingle().Subject;

    private TestSubscriber[] Join(string shareName, string filter, int members)
    {
        TestSubscriber[] joined = [.. Enumerable.Range(0, members).Select(i => new TestSubscriber($"{shareName}{i}"))];
        foreach (TestSubscriber member in joined)
        {
            _tree.Subscribe(member, Filters.Of($"$share/{shareName}/{filter}"), Filters.QoS0).Should().BeTrue();
        }

        return joined;
    }
}
