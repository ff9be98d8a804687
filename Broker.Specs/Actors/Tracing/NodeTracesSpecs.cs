using Broker.Actors.Tracing;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Tracing;

/// <summary>The traces of one node: what is kept of them, and for how long.</summary>
public sealed class NodeTracesSpecs
{
    private static readonly TraceRequest Request = new(new TraceFilter("c"), TimeSpan.FromMinutes(1), Rate: 10);

    private readonly FakeTimeProvider _time = new();
    private readonly NodeTraces _traces;

    public NodeTracesSpecs() => _traces = new NodeTraces(_time, "here");

    [Fact]
    public void The_first_line_says_that_it_traces()
    {
        var batch = Begin().Fetch(confirmed: 0, most: 10);

        batch.Lines.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Event = TraceEvents.Tracing, Node = "here" });
        batch.LeftOut.Should().Be(0);
    }

    [Fact]
    public void What_comes_faster_than_the_rate_is_counted_and_not_made()
    {
        var trace = Begin();
        var made = 0;
        for (var i = 0; i < 25; i++)
        {
            Record(() => Line(++made));
        }

        var batch = trace.Fetch(0, 100);
        made.Should().Be(10);
        batch.Lines.Skip(1).Select(line => line.Count).Should().Equal(Enumerable.Range(1, 10).Select(number => (long?)number));
        batch.LeftOut.Should().Be(15);

        _time.Advance(TimeSpan.FromMilliseconds(100));
        Record(() => Line(11));
        var next = trace.Fetch(batch.Number, 100);
        next.Lines.Should().ContainSingle().Which.Count.Should().Be(11);
        next.LeftOut.Should().Be(0);
    }

    [Fact]
    public void What_nobody_fetches_is_counted_behind_a_bound()
    {
        var trace = _traces.Find("t", Request with { Rate = TraceRequest.HighestRate })!;
        for (var second = 0; second < 3; second++)
        {
            for (var i = 0; i < TraceRequest.HighestRate; i++)
            {
                Record(() => Line(1));
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var batch = trace.Fetch(0, int.MaxValue);
        batch.Lines.Should().HaveCount(NodeTrace.MostWaiting);
        batch.LeftOut.Should().Be((3 * TraceRequest.HighestRate) + 1 - NodeTrace.MostWaiting);
    }

    [Fact]
    public void An_answer_that_was_lost_is_given_again()
    {
        var trace = Begin();
        var first = trace.Fetch(0, 100);
        Record(() => Line(1));

        trace.Fetch(0, 100).Should().BeSameAs(first);
        var second = trace.Fetch(first.Number, 100);
        second.Number.Should().BeGreaterThan(first.Number);
        second.Lines.Should().ContainSingle();
        trace.Fetch(second.Number, 100).Should().BeEquivalentTo(new { second.Number, IsEmpty = true });
    }

    [Fact]
    public void No_more_than_asked_for_is_given_at_once()
    {
        var trace = Begin();
        Record(() => Line(1));
        Record(() => Line(2));

        var first = trace.Fetch(0, 2);
        first.Lines.Should().HaveCount(2);
        trace.Fetch(first.Number, 2).Lines.Should().ContainSingle().Which.Count.Should().Be(2);
    }

    [Fact]
    public void A_trace_that_begins_again_is_not_taken_for_the_one_before()
    {
        var first = Begin().Fetch(0, 10);
        _traces.Remove("t");
        _time.Advance(TimeSpan.FromSeconds(1));

        Begin().Fetch(first.Number, 10).Number.Should().NotBe(first.Number);
    }

    [Fact]
    public void Only_so_many_run_at_a_time()
    {
        for (var i = 0; i < NodeTraces.Most; i++)
        {
            _traces.Find($"{i}", Request).Should().NotBeNull();
        }

        _traces.Find("one more", Request).Should().BeNull();
        _traces.Find("0", Request).Should().NotBeNull("it runs already");
        _traces.Remove("0");
        _traces.Find("one more", Request).Should().NotBeNull();
    }

    [Fact]
    public void A_trace_that_nobody_fetches_from_ends()
    {
        var (fetched, left) = (Begin(), _traces.Find("left", Request)!);
        _time.Advance(NodeTraces.Patience / 2);
        fetched.Fetch(0, 10);
        _time.Advance(NodeTraces.Patience / 2);
        _traces.Expire();

        _traces.For("c", null).Should().Equal(fetched);
        _time.Advance(NodeTraces.Patience);
        _traces.Expire();
        _traces.IsOn.Should().BeFalse();
        _traces.For("c", null).Should().BeNull();
    }

    [Fact]
    public void Connections_are_told_of_each_change()
    {
        var changes = 0;
        _traces.Changed = then =>
        {
            changes++;
            then();
        };

        Begin();
        _traces.Find("t", Request);
        changes.Should().Be(1);
        _traces.Remove("t");
        _traces.Remove("t");
        changes.Should().Be(2);
    }

    private NodeTrace Begin() => _traces.Find("t", Request)!;

    private void Record(Func<TraceLine> make) => NodeTraces.Record(_traces.For("c", null)!, "topic", make);

    private static TraceLine Line(long count) => new() { Time = default, Event = TraceEvents.Sent, Count = count };
}
