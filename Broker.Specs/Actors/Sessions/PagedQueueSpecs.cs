using System.Text;
using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;
using CsCheck;

namespace Broker.Specs.Actors.Sessions;

/// <summary>A queue of which only a page is in memory.</summary>
public class PagedQueueSpecs
{
    private readonly PagedQueue _queue = new();

    [Fact]
    public void What_is_committed_while_a_client_is_connected_is_at_hand()
    {
        _queue.Add(Message(1), keep: true);
        _queue.Add(Message(2), keep: true);

        (_queue.Count, _queue.Bytes, _queue.NeedsPage).Should().Be((2, 2 * Size, false));
        Drain().Should().Equal(1, 2);
        (_queue.Count, _queue.Bytes, _queue.ReadPosition).Should().Be((0, 0, 2));
    }

    [Fact]
    public void What_is_committed_while_nobody_is_connected_is_read_from_the_store()
    {
        _queue.Add(Message(1), keep: false);
        _queue.Add(Message(2), keep: true);
        (_queue.Count, _queue.NeedsPage, _queue.TryDequeue(out _)).Should().Be((2, true, false), "the second would overtake the first");

        _queue.BeginPage().Should().Be(0);
        _queue.AddPage([Message(1), Message(2)], isLast: true).Should().Be(0);

        Drain().Should().Equal(1, 2);
        _queue.NeedsPage.Should().BeFalse();
    }

    [Fact]
    public void No_more_than_a_page_is_kept_in_memory_and_the_rest_is_read_in_turn()
    {
        for (var position = 1; position <= PagedQueue.PageMessages + 10; position++)
        {
            _queue.Add(Message(position), keep: true);
        }

        Drain().Should().HaveCount(PagedQueue.PageMessages);
        (_queue.Count, _queue.NeedsPage).Should().Be((10, true));
        _queue.BeginPage().Should().Be(PagedQueue.PageMessages);
    }

    [Fact]
    public void What_a_read_finds_before_it_is_announced_comes_once()
    {
        _queue.Restore(readPosition: 0, lastPosition: 1, count: 1, bytes: Size);
        _queue.BeginPage();

        _queue.AddPage([Message(1), Message(2)], isLast: true).Should().Be(0);
        _queue.Add(Message(2), keep: true);

        Drain().Should().Equal(1, 2);
        _queue.Count.Should().Be(0);
    }

    [Fact]
    public void What_is_announced_during_a_read_that_did_not_find_it_is_read_next()
    {
        _queue.Restore(0, 1, 1, Size);
        _queue.BeginPage();
        _queue.Add(Message(2), keep: true);

        _queue.AddPage([Message(1)], isLast: true).Should().Be(0);

        Drain().Should().Equal(1);
        (_queue.Count, _queue.NeedsPage, _queue.BeginPage()).Should().Be((1, true, 1));
        _queue.AddPage([Message(2)], isLast: true);
        Drain().Should().Equal(2);
    }

    [Fact]
    public void Positions_that_the_store_has_removed_are_passed_over_and_counted()
    {
        _queue.Restore(0, 5, 5, 5 * Size);
        _queue.BeginPage();

        _queue.AddPage([Message(2), Message(4)], isLast: true).Should().Be(3);

        (_queue.Count, _queue.Bytes).Should().Be((2, 2 * Size));
        Drain().Should().Equal(2, 4);
        _queue.NeedsPage.Should().BeFalse("nothing is left, though position 5 was never seen");
    }

    [Fact]
    public void A_queue_of_which_nothing_is_left_is_not_read_for_ever()
    {
        _queue.Restore(0, 3, 3, 3 * Size);
        _queue.BeginPage();
        _queue.AddPage([], isLast: true).Should().Be(3);
        (_queue.Count, _queue.Bytes, _queue.NeedsPage).Should().Be((0, 0, false));

        _queue.Add(Message(4), keep: true);
        Drain().Should().Equal(4);
    }

    [Fact]
    public void The_oldest_is_dropped_from_the_page()
    {
        _queue.Add(Message(1), keep: true);
        _queue.Add(Message(2), keep: true);
        _queue.DropOldest().Should().Be(1);
        (_queue.Count, _queue.Bytes).Should().Be((1, Size));
        Drain().Should().Equal(2);
    }

    [Fact]
    public void Without_a_page_the_oldest_is_passed_over_and_a_page_that_was_on_its_way_does_not_bring_it_back()
    {
        _queue.Restore(0, 3, 3, 3 * Size);
        _queue.BeginPage();
        _queue.DropOldest().Should().Be(1);
        (_queue.Count, _queue.Bytes).Should().Be((2, 2 * Size));

        _queue.AddPage([Message(1), Message(2), Message(3)], isLast: true);

        Drain().Should().Equal(2, 3);
    }

    [Fact]
    public void Dropping_stops_at_what_is_committed_so_that_nothing_that_comes_is_passed_over()
    {
        _queue.Restore(readPosition: 8, lastPosition: 10, count: 2, bytes: 2 * Size);
        _queue.DropOldest().Should().Be(9);
        _queue.DropOldest().Should().Be(10);
        (_queue.Count, _queue.Bytes, _queue.NeedsPage).Should().Be((0, 0, false));
    }

    [Fact]
    public void Forgetting_keeps_the_count_and_reads_again_from_the_last_one_sent()
    {
        for (var position = 1; position <= 3; position++)
        {
            _queue.Add(Message(position), keep: true);
        }

        _queue.TryDequeue(out _);
        _queue.Forget();
        (_queue.Count, _queue.NeedsPage, _queue.BeginPage()).Should().Be((2, true, 1));
    }

    [Fact]
    public void Whatever_happens_each_message_that_is_left_comes_once_and_in_order() =>
        Gen.Int[0, 6].Array[0, 120].Sample(steps => new Model().Run(steps));

    private static int Size => Message(1).Delivery.Publication.Size;

    private static QueuedMessage Message(long position) => new(
        position,
        new Delivery(
            new Publication { Topic = "t", Payload = Encoding.UTF8.GetBytes("12345"), QoS = QualityOfService.AtLeastOnce }, QualityOfService.AtLeastOnce, false, null));

    private List<long> Drain()
    {
        var positions = new List<long>();
        while (_queue.TryDequeue(out var message))
        {
            positions.Add(message.Position);
        }

        return positions;
    }

    /// <summary>The queue beside the rows of a store, of which some expire, and reads that see it as it was some steps ago.</summary>
    private sealed class Model
    {
        private readonly PagedQueue _queue = new();
        private readonly SortedSet<long> _rows = [];
        private readonly Queue<long> _unannounced = new();
        private readonly HashSet<long> _gone = [];
        private List<long>? _reading;
        private bool _readingIsLast;
        private long _last;
        private long _sent;

        public void Run(int[] steps)
        {
            foreach (var step in steps)
            {
                Do(step);
                _queue.Count.Should().BeGreaterThanOrEqualTo(0);
                _queue.Bytes.Should().BeGreaterThanOrEqualTo(0);
            }

            while (_unannounced.Count > 0)
            {
                Do(1);
            }

            // Two reads at the most are needed to come to the end: the one on its way, and another.
            for (var i = 0; i < 200 && (_queue.NeedsPage || _queue.Count > 0); i++)
            {
                Do(2);
                Do(3);
                Do(4);
            }

            (_queue.NeedsPage, _queue.Count, _queue.Bytes).Should().Be((false, 0, 0));
            _rows.Where(row => row > _queue.ReadPosition && !_gone.Contains(row)).Should().BeEmpty("all that was left has been sent");
        }

        private void Do(int step)
        {
            switch (step)
            {
                case 0:
                    _rows.Add(++_last);
                    _unannounced.Enqueue(_last);
                    break;
                case 1 when _unannounced.TryDequeue(out var position):
                    _queue.Add(Message(position), keep: position % 3 != 0);
                    break;
                case 2 when _reading is null && _queue.NeedsPage:
                    var after = _queue.BeginPage();
                    var found = _rows.Where(row => row > after).ToList();
                    (_reading, _readingIsLast) = (found.Take(3).ToList(), found.Count <= 3);
                    break;
                case 3 when _reading is { } page:
                    _reading = null;
                    if (_queue.NeedsPage)
                    {
                        _queue.AddPage([.. page.Select(Message)], _readingIsLast);
                    }

                    break;
                case 4:
                    while (_queue.TryDequeue(out var message))
                    {
                        message.Position.Should().BeGreaterThan(_sent);
                        _rows.Where(row => row > _sent && row < message.Position).Should().BeEmpty("nothing is passed over that is still there");
                        _sent = message.Position;
                    }

                    break;
                case 5 when _queue.Count > 0:
                    _sent = _queue.DropOldest();
                    _rows.RemoveWhere(row => row <= _sent);
                    break;
                case 6 when _rows.Count > 0 && _rows.Max > _sent && !_unannounced.Contains(_rows.Max):
                    _rows.Remove(_rows.First(row => row > _sent));
                    break;
            }
        }
    }
}
