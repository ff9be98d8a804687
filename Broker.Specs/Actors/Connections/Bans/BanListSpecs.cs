using Broker.Actors.Connections.Bans;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Connections.Bans;

public sealed class BanListSpecs
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _time = new();
    private readonly BanList<string> _list;

    public BanListSpecs() => _list = new BanList<string>(most: 3, Window, Duration, _time, capacity: 10);

    [Fact]
    public void A_ban_begins_once_and_ends_by_itself()
    {
        Add("a", 2).Should().Equal(false, false);
        _list.Has("a").Should().BeFalse();
        _list.Add("a").Should().BeTrue("it is the third");
        Add("a", 5).Should().AllBeEquivalentTo(false, "it is banned already");
        (_list.Given, _list.CountInForce()).Should().Be((1, 1));
        _list.Has("b").Should().BeFalse();

        _time.Advance(Duration - TimeSpan.FromTicks(1));
        _list.Has("a").Should().BeTrue();
        _time.Advance(TimeSpan.FromTicks(1));
        _list.Has("a").Should().BeFalse();
        (_list.Given, _list.CountInForce()).Should().Be((1, 0));
        Add("a", 3).Should().Equal(false, false, true);
        (_list.Given, _list.CountInForce()).Should().Be((2, 1));
    }

    [Fact]
    public void What_was_before_the_window_does_not_count()
    {
        Add("a", 2);
        _time.Advance(Window);

        Add("a", 2).Should().Equal(false, false);
        _time.Advance(Window - TimeSpan.FromTicks(1));
        _list.Add("a").Should().BeTrue();
    }

    [Fact]
    public void Whoever_did_nothing_for_longest_is_forgotten_first()
    {
        Add("busy", 2);
        for (var i = 0; i < 1_000; i++)
        {
            _list.Add($"other{i}");
            if (i == 5)
            {
                _list.Add("busy").Should().BeTrue();
            }

            _list.Count.Should().BeLessThanOrEqualTo(10);
        }

        _list.Has("busy").Should().BeFalse("many others have come since");
        _list.Count.Should().Be(10);
    }

    private bool[] Add(string key, int times) => [.. Enumerable.Range(0, times).Select(_ => _list.Add(key))];
}
