using Broker.Actors.Hosting;
using Broker.Actors.Sessions;
using CsCheck;

namespace Broker.Specs.Actors.Sessions;

public class OutboundQueueSpecs
{
    private readonly List<string> _dropped = [];

    [Fact]
    public void First_in_is_first_out()
    {
        var queue = new OutboundQueue<string>(0, 0, QueueFullPolicy.DropNewest);
        foreach (string item in new[] { "a", "b", "c" })
        {
            queue.Enqueue(item, 10, _dropped).Should().BeTrue();
        }

        (queue.Count, queue.Bytes).Should().Be((3, 30));
        queue.TryPeek(out string? first).Should().BeTrue();
        first.Should().Be("a");
        Drain(queue).Should().Equal("a", "b", "c");
        (queue.Count, queue.Bytes).Should().Be((0, 0));
        queue.TryPeek(out _).Should().BeFalse();
        queue.TryDequeue(out _).Should().BeFalse();
    }

    [Fact]
    public void Drop_newest_refuses_what_does_not_fit()
    {
        var queue = new OutboundQueue<string>(2, 0, QueueFullPolicy.DropNewest);
        queue.Enqueue("a", 1, _dropped);
        queue.Enqueue("b", 1, _dropped);

        queue.Enqueue("c", 1, _dropped).Should().BeFalse();

        _dropped.Should().Equal("c");
        Drain(queue).Should().Equal("a", "b");
    }

    [Fact]
    public void Drop_oldest_makes_as_much_room_as_the_new_one_needs()
    {
        var queue = new OutboundQueue<string>(0, 100, QueueFullPolicy.DropOldest);
        queue.Enqueue("a", 30, _dropped);
        queue.Enqueue("b", 30, _dropped);
        queue.Enqueue("c", 30, _dropped);

        queue.Enqueue("d", 60, _dropped).Should().BeTrue();

        _dropped.Should().Equal("a", "b");
        queue.Bytes.Should().Be(90);
        Drain(queue).Should().Equal("c", "d");
    }

    [Theory]
    [InlineData(QueueFullPolicy.DropNewest)]
    [InlineData(QueueFullPolicy.DropOldest)]
    internal void What_can_never_fit_costs_nobody_else(QueueFullPolicy policy)
    {
        var queue = new OutboundQueue<string>(0, 100, policy);
        queue.Enqueue("a", 100, _dropped).Should().BeTrue();

        queue.Enqueue("huge", 101, _dropped).Should().BeFalse();

        _dropped.Should().Equal("huge");
        Drain(queue).Should().Equal("a");
    }

    [Fact]
    public void A_drained_queue_gives_its_memory_back()
    {
        var queue = new OutboundQueue<int>(0, 0, QueueFullPolicy.DropNewest);
        queue.Capacity.Should().Be(0);
        for (int i = 0; i < 1_000; i++)
        {
            queue.Enqueue(i, 1, []);
        }

        while (queue.TryDequeue(out _))
        {
        }

        queue.Capacity.Should().BeLessThanOrEqualTo(4);
    }

    [Fact]
    public void It_agrees_with_a_list() =>
        Gen.Select(Gen.Int[0, 12], Gen.Int[0, 60], Gen.Bool, Gen.Select(Gen.Int[0, 30], Gen.Int[0, 3]).Array[0, 200])
            .Sample((maxMessages, maxBytes, oldest, steps) =>
            {
                var queue = new OutboundQueue<(int Number, int Bytes)>(maxMessages, maxBytes, oldest ? QueueFullPolicy.DropOldest : QueueFullPolicy.DropNewest);
                var model = new List<(int Number, int Bytes)>();
                var dropped = new List<(int, int)>();
                var expectedDropped = new List<(int, int)>();
                bool Over() => (maxMessages > 0 && model.Count > maxMessages) || (maxBytes > 0 && model.Sum(item => item.Bytes) > maxBytes);
                for (int i = 0; i < steps.Length; i++)
                {
                    (int bytes, int kind) = steps[i];
                    if (kind == 0)
                    {
                        queue.TryDequeue(out (int, int) item).Should().Be(model.Count > 0);
                        item.Should().Be(model.FirstOrDefault());
                        model = [.. model.Skip(1)];
                        continue;
                    }

                    model.Add((i, bytes));
                    while (Over())
                    {
                        int victim = oldest && (maxBytes == 0 || bytes <= maxBytes) ? 0 : model.Count - 1;
                        expectedDropped.Add(model[victim]);
                        model.RemoveAt(victim);
                    }

                    queue.Enqueue((i, bytes), bytes, dropped).Should().Be(model.Count > 0 && model[^1].Number == i);
                    queue.Bytes.Should().Be(model.Sum(item => item.Bytes));
                }

                dropped.Should().Equal(expectedDropped);
                queue.Count.Should().Be(model.Count);
                foreach ((int, int) expected in model)
                {
                    queue.TryDequeue(out (int, int) item).Should().BeTrue();
                    item.Should().Be(expected);
                }
            });

    private static List<string> Drain(OutboundQueue<string> queue)
    {
        var items = new List<string>();
        while (queue.TryDequeue(out string? item))
        {
            items.Add(item);
        }

        return items;
    }
}
