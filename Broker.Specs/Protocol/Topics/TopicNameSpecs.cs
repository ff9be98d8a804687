using Broker.Protocol.Topics;

namespace Broker.Specs.Protocol.Topics;

public class TopicNameSpecs
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("/", true)]
    [InlineData(" ", true)]
    [InlineData("$SYS/x", true)]
    [InlineData("\uFEFFa", true)]
    [InlineData("", false)]
    [InlineData("+", false)]
    [InlineData("a/#", false)]
    [InlineData("a+b", false)]
    [InlineData("a\0", false)]
    public void A_topic_name_has_text_and_no_wildcard(string topic, bool expected) => TopicName.IsValid(topic).Should().Be(expected);
}
