using Broker.Actors.Routing;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Routing;

public sealed class SharedPicksSpecs
{
    private static readonly SubscriptionOptions Options = new(QualityOfService.ExactlyOnce);

    private readonly SubscriptionTree _tree = new();
    private readonly SessionSubscriber[] _members = [.. Enumerable.Range(1, 3).Select(number => new SessionSubscriber($"m{number}", isDurable: true))];

    [Fact]
    public void Where_no_group_matches_there_are_none()
    {
        _tree.Subscribe(_members[0], Filters.Of("t"), Options);

        SharedPicks.Choose(_tree.Match("t")).Should().BeNull();
        SharedPicks.Renew(null, _tree.Match("t")).Should().BeNull();
    }

    [Fact]
    public void Each_group_has_a_pick_that_is_found_again_from_its_bytes_whoever_s_turn_it_is()
    {
        Share("one", "two");
        var match = _tree.Match("t");
        var picks = SharedPicks.Choose(match)!;
        var chosen = match.Groups.Select(group => picks.Of(group)!.Subscriber).ToArray();

        SharedPicks.Choose(match);
        var read = SharedPicks.Decode(picks.Encode())!;

        match.Groups.Select(group => read.Of(group)!.Subscriber).Should().Equal(chosen);
        SharedPicks.Renew(read, match).Should().BeNull("all are there");
    }

    [Fact]
    public void Where_a_member_is_gone_another_takes_its_place_and_the_others_stay()
    {
        Share("one", "two");
        var before = _tree.Match("t");
        var picks = SharedPicks.Choose(before)!;
        var (one, two) = (before.Groups.Single(group => group.ShareName == "one"), before.Groups.Single(group => group.ShareName == "two"));
        var (gone, kept) = (picks.Of(one)!.Subscriber, picks.Of(two)!.Subscriber);
        _tree.Unsubscribe((SessionSubscriber)gone, Filters.Of("$share/one/t"));

        var renewed = SharedPicks.Renew(picks, _tree.Match("t"))!;

        renewed.Of(one)!.Subscriber.Should().NotBe(gone);
        renewed.Of(two)!.Subscriber.Should().Be(kept);
        picks.Of(one).Should().BeNull();
    }

    [Fact]
    public void A_group_that_was_not_there_gets_a_pick_and_one_without_members_none()
    {
        Share("one");
        var picks = SharedPicks.Choose(_tree.Match("t"))!;
        Share("two");
        var match = _tree.Match("t");

        SharedPicks.Renew(picks, match)!.Of(match.Groups.Single(group => group.ShareName == "two")).Should().NotBeNull();
        SharedPicks.Renew(null, match)!.Of(match.Groups.Single(group => group.ShareName == "one")).Should().NotBeNull();
        foreach (var member in _members)
        {
            _tree.Unsubscribe(member, Filters.Of("$share/one/t"));
            _tree.Unsubscribe(member, Filters.Of("$share/two/t"));
        }

        SharedPicks.Renew(picks, match).Should().BeNull("nobody is left to be picked");
    }

    private void Share(params string[] groups)
    {
        foreach (var group in groups)
        {
            Array.ForEach(_members, member => _tree.Subscribe(member, Filters.Of($"$share/{group}/t"), Options));
        }
    }
}
