using Broker.Actors.Security;
using Broker.Protocol.Topics;
using CsCheck;

namespace Broker.Specs.Actors.Security;

public sealed class FilterSetsSpecs
{
    private static readonly Gen<string> Level = Gen.Int[0, 4].Select(index => new[] { "a", "b", "", "$s", "+" }[index]);

    private static readonly Gen<string> Filter =
        from levels in Level.List[1, 4]
        from open in Gen.Bool
        select string.Join('/', open ? [.. levels, "#"] : levels);

    private static readonly Gen<string> Topic =
        from levels in Gen.Int[0, 4].Select(index => new[] { "a", "b", "", "$s", "c" }[index]).List[1, 5]
        let topic = string.Join('/', levels)
        where topic.Length > 0
        select topic;

    [Theory]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/b/+", true)]
    [InlineData("a/#", "a/#", true)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a/#", false)]
    [InlineData("a/b", "a/+", false)]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("$SYS/#", "$SYS/x", true)]
    public void Covers_says_whether_all_topics_of_one_filter_belong_to_another(string outer, string inner, bool expected) =>
        FilterSets.Covers(outer, inner).Should().Be(expected);

    [Fact]
    public void A_topic_of_the_inner_filter_alone_means_that_it_is_not_covered() =>
        Gen.Select(Filter, Filter, Topic).Sample((outer, inner, topic) =>
        {
            if (TopicFilter.Matches(inner, topic) && !TopicFilter.Matches(outer, topic))
            {
                FilterSets.Covers(outer, inner).Should().BeFalse($"{topic} belongs to {inner}, not to {outer}");
            }
        }, iter: 20_000);
}
