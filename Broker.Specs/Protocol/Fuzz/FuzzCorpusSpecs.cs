using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Fuzz;

/// <summary>What a fuzzer that is guided by coverage has found, once more.</summary>
public class FuzzCorpusSpecs
{
    public static TheoryData<FuzzTarget> Targets => [.. Enum.GetValues<FuzzTarget>()];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Each_input_is_taken_waited_for_or_refused(FuzzTarget target)
    {
        var outcomes = FuzzCorpus.All.Concat(FuzzSeeds.All()).Where(input => input.Target == target).Select(FuzzOracle.Check).ToList();

        outcomes.Should().Contain(outcome => outcome.Accepted.Length > 0, "otherwise nothing was taken");
        outcomes.Should().Contain(outcome => outcome.Refusal != null, "otherwise nothing was refused");
        if (target != FuzzTarget.TopicFilter)
        {
            outcomes.Should().Contain(outcome => outcome.Left > 0, "otherwise nothing was incomplete");
        }
    }

    [Theory]
    [InlineData(FuzzTarget.Client5)]
    [InlineData(FuzzTarget.Server5)]
    public void The_corpus_has_packets_of_every_type_that_the_side_may_send(FuzzTarget target)
    {
        var types = FuzzCorpus.All.Where(input => input.Target == target || (target == FuzzTarget.Client5 && input.Target == FuzzTarget.Fresh))
            .SelectMany(input => FuzzOracle.Check(input).Accepted.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(packet => (PacketType)Convert.ToInt32(packet[..1], 16))
            .Distinct()
            .Order();

        PacketType[] common =
        [
            PacketType.Publish, PacketType.PubAck, PacketType.PubRec, PacketType.PubRel, PacketType.PubComp, PacketType.Disconnect, PacketType.Auth,
        ];
        PacketType[] own = target == FuzzTarget.Client5
            ? [PacketType.Connect, PacketType.Subscribe, PacketType.Unsubscribe, PacketType.PingReq]
            : [PacketType.ConnAck, PacketType.SubAck, PacketType.UnsubAck, PacketType.PingResp];
        types.Should().Equal(common.Concat(own).Order());
    }
}
