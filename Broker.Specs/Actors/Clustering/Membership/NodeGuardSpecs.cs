using Broker.Actors.Clustering.Membership;
using Broker.Actors.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Clustering.Membership;

public sealed class NodeGuardSpecs
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _changes = [];
    private readonly NodeGuard _guard;

    public NodeGuardSpecs() => _guard = new NodeGuard(_time) { Changed = _changes.Add };

    [Fact]
    public void A_node_that_renews_and_reaches_everyone_serves()
    {
        for (var i = 0; i < 100; i++)
        {
            Pass(Second);
            _guard.Confirm(_time.GetTimestamp());
        }

        _guard.MayServe.Should().BeTrue();
        _changes.Should().BeEmpty();
    }

    [Fact]
    public void A_node_without_the_database_serves_as_long_as_it_reaches_every_member()
    {
        Pass(Second, times: 60);

        _guard.MayServe.Should().BeTrue();
        _guard.Reaches(all: false);

        _guard.MayServe.Should().BeFalse();
        _guard.Problem.Should().Contain("neither");
        _guard.Reaches(all: true);
        _guard.MayServe.Should().BeTrue();
        _changes.Should().HaveCount(2).And.HaveElementAt(1, "");
    }

    [Fact]
    public void A_node_cut_off_from_everything_stops_before_its_last_renewal_runs_out()
    {
        _guard.Reaches(all: false);
        Pass(Second, times: 4);
        _guard.MayServe.Should().BeTrue();

        Pass(Second, times: 2);

        _guard.MayServe.Should().BeFalse();
        _guard.SinceRenewal.Should().BeLessThan(INodeRegistry.Validity);
    }

    [Fact]
    public void A_process_that_stood_still_does_not_serve_even_before_the_guard_has_woken()
    {
        Pass(Second);

        _time.Advance(NodeGuard.Standstill + Second);

        _guard.MayServe.Should().BeFalse();
    }

    [Fact]
    public void After_a_standstill_it_serves_only_once_a_renewal_sent_after_it_is_confirmed()
    {
        var before = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(3));
        _guard.Tick();
        (_guard.MayServe, _guard.IsDoubtful).Should().Be((false, true));

        _guard.Confirm(before);
        _guard.MayServe.Should().BeFalse();

        _guard.Confirm(_time.GetTimestamp());
        (_guard.MayServe, _guard.IsDoubtful).Should().Be((true, false));
    }

    [Fact]
    public void A_short_pause_holds_nobody()
    {
        _time.Advance(NodeGuard.Standstill - TimeSpan.FromMilliseconds(1));
        _guard.MayServe.Should().BeTrue();

        _guard.Tick();

        _guard.MayServe.Should().BeTrue();
        _changes.Should().BeEmpty();
    }

    [Fact]
    public void A_revoked_node_never_serves_again()
    {
        _guard.Revoke();
        _guard.Confirm(_time.GetTimestamp());
        _guard.Reaches(all: true);

        _guard.MayServe.Should().BeFalse();
        _changes.Should().Equal("this node was removed from the cluster");
    }

    [Fact]
    public void What_two_threads_find_is_told_in_the_order_in_which_it_was_found()
    {
        var changes = new List<string>();
        Thread? other = null;
        var guard = new NodeGuard(_time);
        guard.Changed = problem =>
        {
            if (other is null)
            {
                // The member is reached again before this thread has told that it was not.
                other = new Thread(() => guard.Reaches(all: true));
                other.Start();
                SpinWait.SpinUntil(() => other.ThreadState is ThreadState.Stopped or ThreadState.WaitSleepJoin);
            }

            changes.Add(problem);
        };
        for (var passed = TimeSpan.Zero; passed <= NodeGuard.Unconfirmed; passed += Second)
        {
            _time.Advance(Second);
            guard.Tick();
        }

        guard.Reaches(all: false);

        other!.Join();
        changes.Should().HaveCount(2).And.EndWith("");
        guard.Problem.Should().BeEmpty();
    }

    private void Pass(TimeSpan step, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _time.Advance(step);
            _guard.Tick();
        }
    }
}
