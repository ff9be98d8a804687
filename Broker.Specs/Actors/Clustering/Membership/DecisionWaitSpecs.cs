using Broker.Actors.Clustering.Membership;

namespace Broker.Specs.Actors.Clustering.Membership;

public sealed class DecisionWaitSpecs
{
    private readonly DecisionWait _wait = new();

    [Fact]
    public void Giving_up_ends_the_wait_that_is_under_way_and_no_later_one()
    {
        var first = _wait.Begin();
        _wait.IsWaiting.Should().BeTrue();

        _wait.GiveUp();

        first.IsCancellationRequested.Should().BeTrue();
        _wait.IsWaiting.Should().BeFalse();
        var second = _wait.Begin();
        _wait.End(first);
        (_wait.IsWaiting, second.IsCancellationRequested).Should().Be((true, false));
    }

    [Fact]
    public void An_answer_ends_the_wait()
    {
        _wait.End(_wait.Begin());

        _wait.IsWaiting.Should().BeFalse();
    }
}
