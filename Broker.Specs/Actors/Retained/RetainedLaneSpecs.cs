using Broker.Actors.Retained;
using Broker.Specs.Actors.Connections;

namespace Broker.Specs.Actors.Retained;

/// <summary>One node's writes to one partition.</summary>
public class RetainedLaneSpecs
{
    private readonly RetainedLane _lane = new();

    [Fact]
    public void What_gathers_while_a_batch_is_under_way_makes_the_next_one_in_order()
    {
        Add(1);
        Begin(10).Should().Equal(1);
        Add(2);
        Add(3);
        Begin(11).Should().BeNull("batch 10 is under way");
        _lane.Complete(9).Should().BeNull("that is an older one");
        _lane.Complete(10)!.Select(write => write.Number).Should().Equal(1);
        _lane.Complete(10).Should().BeNull("it is answered once");
        Begin(11).Should().Equal(2, 3);
    }

    [Fact]
    public void A_batch_is_bounded_in_writes_and_bytes_but_takes_one_of_any_size()
    {
        for (var number = 1; number <= RetainedLane.MostWrites + 1; number++)
        {
            Add(number);
        }

        Begin(1)!.Count.Should().Be(RetainedLane.MostWrites);
        _lane.Complete(1);
        Add(1000, new string('x', 2 * RetainedLane.MostBytes));
        Begin(2).Should().Equal(RetainedLane.MostWrites + 1);
        _lane.Complete(2);
        Begin(3).Should().Equal(1000);
    }

    [Fact]
    public void A_batch_is_repeated_from_the_second_interval_on_until_it_is_answered()
    {
        _lane.Repeat(out _, out _).Should().BeFalse("there is none");
        Add(1);
        Begin(5);
        _lane.Repeat(out _, out _).Should().BeFalse("it has only just been sent");
        _lane.Repeat(out var number, out var writes).Should().BeTrue();
        (number, writes!.Count).Should().Be((5, 1));
        _lane.Repeat(out _, out _).Should().BeTrue();
        _lane.Complete(5);
        _lane.Repeat(out _, out _).Should().BeFalse("it is answered");
    }

    private void Add(long number, string payload = "x") => _lane.Add(new RetainedProtocol.Write(number, Packets.Message("t", payload)));

    private List<long>? Begin(long batch) => _lane.TryBegin(batch, out var writes) ? [.. writes.Select(write => write.Number)] : null;
}
