using Broker.Actors.Sessions;

namespace Broker.Specs.Actors.Sessions;

public class InboundExactlyOnceSpecs
{
    private readonly InboundExactlyOnce _received = new(2);

    [Fact]
    public void A_packet_id_is_new_until_released_and_after_that_again()
    {
        _received.Begin(7).Should().Be(InboundPublish.New);
        _received.Begin(7).Should().Be(InboundPublish.Duplicate);
        _received.Release(7).Should().BeTrue();
        _received.Release(7).Should().BeFalse();
        _received.Begin(7).Should().Be(InboundPublish.New);
    }

    [Fact]
    public void The_quota_counts_what_is_not_released_and_does_not_concern_duplicates()
    {
        _received.Begin(1);
        _received.Begin(2);

        _received.Begin(3).Should().Be(InboundPublish.OverQuota);
        _received.Begin(2).Should().Be(InboundPublish.Duplicate);
        _received.Count.Should().Be(2);
        _received.Release(3).Should().BeFalse();
        _received.Release(1).Should().BeTrue();
        _received.Begin(3).Should().Be(InboundPublish.New);
    }

    [Fact]
    public void Nothing_is_known_before_the_first() => _received.Release(1).Should().BeFalse();
}
