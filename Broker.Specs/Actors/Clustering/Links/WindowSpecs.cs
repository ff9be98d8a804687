using Broker.Actors.Clustering.Links;

namespace Broker.Specs.Actors.Clustering.Links;

public sealed class WindowSpecs
{
    [Fact]
    public void What_is_sent_is_kept_until_it_is_acknowledged_and_acknowledgements_stand_for_all_before()
    {
        var window = new SendWindow<string>(maxItems: 8, maxBytes: 100);
        foreach (var item in new[] { "a", "b", "c" })
        {
            window.Add(item, 1);
        }

        Take(window, 2).Should().Equal("a", "b");
        Take(window, 1).Should().BeEmpty("an older acknowledgement comes late");
        window.Unacknowledged().Should().Equal((3L, "c"));
        Take(window, 99).Should().Equal("c");
        window.IsEmpty.Should().BeTrue();
        window.Add("d", 1).Should().Be(4);
        window.Acknowledged.Should().Be(3);
    }

    [Fact]
    public void It_has_room_for_so_many_items_or_bytes_and_always_for_one()
    {
        var window = new SendWindow<string>(maxItems: 2, maxBytes: 100);
        window.Add("large", 1000);
        window.HasRoom.Should().BeFalse();
        Take(window, 1);
        window.Add("a", 1);
        window.HasRoom.Should().BeTrue();
        window.Add("b", 1);
        window.HasRoom.Should().BeFalse();
    }

    [Fact]
    public void Each_item_is_taken_once_and_in_order_and_a_gap_is_asked_for_once()
    {
        var window = new ReceiveWindow();
        window.Receive(1).Should().Be(LinkArrival.Next);
        window.Receive(1).Should().Be(LinkArrival.Duplicate);
        window.Receive(3).Should().Be(LinkArrival.Gap);
        window.Receive(4).Should().Be(LinkArrival.BehindGap);
        window.Receive(2).Should().Be(LinkArrival.Next);
        window.Receive(3).Should().Be(LinkArrival.Next);
        window.Receive(5).Should().Be(LinkArrival.Gap, "it is another gap");
    }

    [Fact]
    public void Done_are_all_up_to_the_first_that_is_not()
    {
        var window = new ReceiveWindow();
        window.Complete(2).Should().BeFalse();
        window.Done.Should().Be(0);
        window.Complete(1).Should().BeTrue();
        window.Done.Should().Be(2);
        window.Complete(3).Should().BeTrue();
        window.Done.Should().Be(3);
    }

    private static List<string> Take(SendWindow<string> window, long sequence)
    {
        var taken = new List<string>();
        while (window.TryAcknowledge(sequence, out var item))
        {
            taken.Add(item);
        }

        return taken;
    }
}
