using System.Text;
using Broker.Protocol.Topics;
using Broker.Specs.Protocol.Topics;

namespace Broker.Specs.Protocol.Fuzz;

/// <summary>A filter is taken apart or refused with a reason, and matches a topic where a comparison level by level says so.</summary>
internal static class TopicOracle
{
    public static FuzzOutcome Check(byte[] bytes)
    {
        var lines = Encoding.UTF8.GetString(bytes).Split('\n', 2);
        if (!TopicFilter.TryParse(lines[0], out var filter, out var problem))
        {
            filter.Should().BeNull();
            problem.Should().NotBeNullOrWhiteSpace();
            return new FuzzOutcome(string.Empty, problem, 0);
        }

        problem.Should().BeNull();
        filter!.Text.Should().Be(lines[0]);
        (filter.IsShared ? $"$share/{filter.ShareName}/{filter.Filter}" : filter.Filter).Should().Be(lines[0]);
        if (lines is not [_, var topic] || !TopicName.IsValid(topic))
        {
            return new FuzzOutcome("no topic", null, 0);
        }

        var matches = TopicFilter.Matches(filter.Filter, topic);
        matches.Should().Be(LevelByLevel.Matches(filter.Filter, topic));
        return new FuzzOutcome(matches ? "matches" : "does not match", null, 0);
    }
}
