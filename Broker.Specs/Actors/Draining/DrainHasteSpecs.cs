using Broker.Actors.Draining;
using Broker.Actors.Hosting;

namespace Broker.Specs.Actors.Draining;

public sealed class DrainHasteSpecs
{
    private static readonly DrainOptions Configured = new()
    {
        Wait = TimeSpan.FromSeconds(15),
        Rate = 500,
        Deadline = TimeSpan.FromMinutes(10),
        TurnWait = TimeSpan.FromMinutes(10),
    };

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(59)]
    public void In_half_a_minute_everybody_goes_at_once(int seconds) =>
        DrainHaste.Within(Configured, TimeSpan.FromSeconds(seconds)).Should().Be(new DrainOptions { Wait = TimeSpan.Zero, Rate = 0, Deadline = TimeSpan.Zero, TurnWait = TimeSpan.Zero });

    [Fact]
    public void In_some_minutes_it_goes_as_configured_but_waits_for_no_other_node_and_is_done_in_time() =>
        DrainHaste.Within(Configured, TimeSpan.FromMinutes(5)).Should().Be(Configured with { TurnWait = TimeSpan.Zero, Deadline = TimeSpan.FromSeconds(280) });

    [Fact]
    public void A_deadline_that_comes_first_stays() =>
        DrainHaste.Within(Configured, TimeSpan.FromMinutes(15)).Should().Be(Configured with { TurnWait = TimeSpan.Zero });

    [Fact]
    public void The_load_balancer_gets_half_of_the_time_at_most() =>
        DrainHaste.Within(Configured with { Wait = TimeSpan.FromMinutes(5) }, TimeSpan.FromSeconds(80)).Wait.Should().Be(TimeSpan.FromSeconds(30));
}
