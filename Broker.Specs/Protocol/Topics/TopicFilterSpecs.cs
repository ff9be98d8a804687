using Broker.Protocol.Topics;

namespace Broker.Specs.Protocol.Topics;

public class TopicFilterSpecs
{
    [Theory]
    [InlineData("a")]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("#")]
    [InlineData("+")]
    [InlineData("/#")]
    [InlineData("+/#")]
    [InlineData("a/+/b/#")]
    [InlineData("+/+/+")]
    [InlineData("a b/Ω/漢")]
    [InlineData("$SYS/#")]
    [InlineData("$share")]
    [InlineData("$shared/a/b")]
    [InlineData("$SHARE/a")]
    public void Ordinary_filters_are_taken_as_they_are(string text)
    {
        TopicFilter.TryParse(text, out var filter, out var problem).Should().BeTrue();

        problem.Should().BeNull();
        filter.Should().Be(new TopicFilter(text, text, null));
        filter!.IsShared.Should().BeFalse();
        filter.HasWildcard.Should().Be(text.Contains('+') || text.Contains('#'));
    }

    [Theory]
    [InlineData("$share/g/a", "g", "a")]
    [InlineData("$share/g/a/+/#", "g", "a/+/#")]
    [InlineData("$share/g//", "g", "/")]
    [InlineData("$share/g//a", "g", "/a")]
    [InlineData("$share/some group/#", "some group", "#")]
    [InlineData("$share/$x/$SYS/y", "$x", "$SYS/y")]
    public void Shared_filters_are_taken_apart(string text, string group, string inner)
    {
        TopicFilter.TryParse(text, out var filter, out _).Should().BeTrue();

        filter.Should().Be(new TopicFilter(text, inner, group));
        filter!.IsShared.Should().BeTrue();
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a\0b", "U+0000")]
    [InlineData("a#", "'#'")]
    [InlineData("#a", "'#'")]
    [InlineData("a/#/b", "'#'")]
    [InlineData("#/", "'#'")]
    [InlineData("##", "'#'")]
    [InlineData("a+", "'+'")]
    [InlineData("+a", "'+'")]
    [InlineData("a/+b/c", "'+'")]
    [InlineData("++", "'+'")]
    [InlineData("+#", "'+'")]
    [InlineData("$share/", "needs a topic filter")]
    [InlineData("$share/g", "needs a topic filter")]
    [InlineData("$share/g/", "empty")]
    [InlineData("$share//a", "share name is empty")]
    [InlineData("$share//", "share name is empty")]
    [InlineData("$share/+/a", "share name holds")]
    [InlineData("$share/g#/a", "share name holds")]
    [InlineData("$share/g\0/a", "share name holds")]
    [InlineData("$share/g/a#", "'#'")]
    public void Wrong_filters_are_refused_with_what_is_wrong(string text, string expected)
    {
        TopicFilter.TryParse(text, out var filter, out var problem).Should().BeFalse();

        filter.Should().BeNull();
        problem.Should().Contain(expected);
    }

    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/B", false)]
    [InlineData("a/b", "a", false)]
    [InlineData("a", "a/b", false)]
    [InlineData("a", "a/", false)]
    [InlineData("a/", "a", false)]
    [InlineData("/a", "a", false)]
    [InlineData("#", "a", true)]
    [InlineData("#", "/", true)]
    [InlineData("#", "a/b/c", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/", true)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("a/#", "ab", false)]
    [InlineData("a/#", "b/a", false)]
    [InlineData("+", "a", true)]
    [InlineData("+", "a/b", false)]
    [InlineData("+", "/a", false)]
    [InlineData("/+", "/a", true)]
    [InlineData("+/+", "/a", true)]
    [InlineData("+/+", "a", false)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/+", "a/", true)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("a/+/c", "a/b/c", true)]
    [InlineData("a/+/c", "a//c", true)]
    [InlineData("a/+/c", "a/b/d", false)]
    [InlineData("+/b/#", "a/b", true)]
    [InlineData("+/#", "a", true)]
    [InlineData("+/b/#", "a/c/b", false)]
    [InlineData("a/+/+/#", "a/b", false)]
    [InlineData("a/+/#", "a", false)]
    [InlineData("#", "$SYS/a", false)]
    [InlineData("+/a", "$SYS/a", false)]
    [InlineData("+", "$x", false)]
    [InlineData("$SYS/#", "$SYS/a", true)]
    [InlineData("$SYS/+", "$SYS/a", true)]
    [InlineData("$SYS/#", "$SYS", true)]
    [InlineData("a/#", "a/$b", true)]
    [InlineData("a/+", "a/$b", true)]
    public void Matching_follows_the_standard(string filter, string topic, bool expected) =>
        TopicFilter.Matches(filter, topic).Should().Be(expected);

    [Fact]
    public void Matching_agrees_with_a_comparison_level_by_level()
    {
        string[] levels = ["a", "b", "", "$c", "ab"];
        string[] filterLevels = [.. levels, "+", "#"];
        var random = new Random(7);
        var matched = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var topic = Join(levels, random);
            var filter = Join(filterLevels, random);
            if (topic.Length > 0 && TopicFilter.TryParse(filter, out _, out _))
            {
                var expected = LevelByLevel.Matches(filter, topic);
                if (TopicFilter.Matches(filter, topic) != expected)
                {
                    Assert.Fail($"'{filter}' against '{topic}' is not {expected}");
                }

                matched += expected ? 1 : 0;
            }
        }

        matched.Should().BeGreaterThan(1_000);
    }

    private static string Join(string[] levels, Random random) =>
        string.Join('/', Enumerable.Range(0, 1 + random.Next(3)).Select(_ => levels[random.Next(levels.Length)]));
}
