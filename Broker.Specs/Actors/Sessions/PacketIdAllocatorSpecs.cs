using Broker.Actors.Sessions;

namespace Broker.Specs.Actors.Sessions;

public class PacketIdAllocatorSpecs
{
    private PacketIdAllocator _allocator;

    [Fact]
    public void Ids_go_round_from_1_to_65535()
    {
        for (int expected = 1; expected <= 65_535; expected++)
        {
            _allocator.Next<int>(null).Should().Be((ushort)expected);
        }

        _allocator.Next<int>(null).Should().Be(1);
    }

    [Fact]
    public void An_id_in_use_is_passed_over()
    {
        var inUse = new Dictionary<ushort, int> { [1] = 0, [2] = 0, [4] = 0 };

        _allocator.Next(inUse).Should().Be(3);
        _allocator.Next(inUse).Should().Be(5);
        _allocator.ContinueAfter(65_535);
        _allocator.Next(inUse).Should().Be(3);
    }

    [Fact]
    public void The_last_free_id_is_found_and_after_it_there_is_an_error()
    {
        var inUse = Enumerable.Range(1, 65_535).Where(id => id != 40_000).ToDictionary(id => (ushort)id, id => id);
        _allocator.ContinueAfter(40_000);

        _allocator.Next(inUse).Should().Be(40_000);

        inUse.Add(40_000, 0);
        FluentActions.Invoking(() => _allocator.Next(inUse)).Should().Throw<InvalidOperationException>();
    }
}
