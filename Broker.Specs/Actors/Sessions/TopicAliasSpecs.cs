using Broker.Actors.Sessions;
using Broker.Protocol.Packets;
using CsCheck;

namespace Broker.Specs.Actors.Sessions;

public class TopicAliasSpecs
{
    private readonly InboundTopicAliases _inbound = new(10);

    [Fact]
    public void An_alias_stands_for_the_topic_it_was_last_set_to()
    {
        Resolve("a/b", 10).Should().Be((ReasonCode.Success, "a/b"));
        Resolve("", 10).Should().Be((ReasonCode.Success, "a/b"));
        Resolve("c", 10).Should().Be((ReasonCode.Success, "c"));
        Resolve("d", 1).Should().Be((ReasonCode.Success, "d"));
        Resolve("", 10).Should().Be((ReasonCode.Success, "c"));
        Resolve("e", 0).Should().Be((ReasonCode.Success, "e"));
    }

    [Fact]
    public void Misuse_is_answered_by_what_ends_the_connection()
    {
        Resolve("a", 11).Should().Be((ReasonCode.TopicAliasInvalid, ""));
        Resolve("", 11).Should().Be((ReasonCode.TopicAliasInvalid, ""));
        Resolve("", 0).Should().Be((ReasonCode.ProtocolError, ""));
        Resolve("", 3).Should().Be((ReasonCode.ProtocolError, ""));
        new InboundTopicAliases(0).Resolve("a", 1, out _).Should().Be(ReasonCode.TopicAliasInvalid);
    }

    [Fact]
    public void A_topic_is_sent_with_its_alias_once_and_then_by_the_alias()
    {
        var outbound = new OutboundTopicAliases(2);

        outbound.Use("topic/a").Should().Be(new TopicAliasUse(1, SendTopic: true));
        outbound.Use("topic/b").Should().Be(new TopicAliasUse(2, SendTopic: true));
        outbound.Use("topic/a").Should().Be(new TopicAliasUse(1, SendTopic: false));
        outbound.Use("topic/b").Should().Be(new TopicAliasUse(2, SendTopic: false));
        outbound.Count.Should().Be(2);
    }

    [Fact]
    public void Steady_topics_keep_their_aliases_and_past_ones_lose_them()
    {
        var outbound = new OutboundTopicAliases(2);
        outbound.Use("steady");
        outbound.Use("past");
        int aliased = 0;
        for (int i = 0; i < 10; i++)
        {
            outbound.Use("steady").Should().Be(new TopicAliasUse(1, SendTopic: false));
            aliased += outbound.Use("next").SendTopic ? 0 : 1;
        }

        aliased.Should().BeGreaterThan(5);
        outbound.Count.Should().Be(2);
    }

    [Fact]
    public void Short_topics_and_a_maximum_of_0_get_none()
    {
        new OutboundTopicAliases(5).Use("a/b").Should().Be(TopicAliasUse.None);
        new OutboundTopicAliases(0).Use("a/much/longer/one").Should().Be(TopicAliasUse.None);
    }

    [Fact]
    public void Whatever_is_sent_the_receiver_understands() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 9].Array[0, 200]).Sample((maximum, topics) =>
        {
            var outbound = new OutboundTopicAliases(maximum);
            var receiver = new InboundTopicAliases(maximum);
            foreach (int number in topics)
            {
                string topic = $"topic/{number}";
                TopicAliasUse use = outbound.Use(topic);
                receiver.Resolve(use.SendTopic ? topic : "", use.Alias, out string resolved).Should().Be(ReasonCode.Success);
                resolved.Should().Be(topic);
            }
        });

    private (ReasonCode Reason, string Topic) Resolve(string topic, ushort alias)
    {
        ReasonCode reason = _inbound.Resolve(topic, alias, out string resolved);
        return (reason, resolved);
    }
}
