using Broker.Actors.Storage;
using Broker.Specs.Actors.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Storage;

/// <summary>What an actor does behind its commits, in their order.</summary>
public class StoreCommitsSpecs
{
    private readonly FakeStore _store = new(new FakeTimeProvider()) { IsManual = true };
    private readonly RecordingRef _actor = new();
    private readonly StoreCommits _commits;
    private readonly List<string> _done = [];

    public StoreCommitsSpecs() => _commits = new StoreCommits(_actor, _store);

    [Fact]
    public void What_waits_for_a_commit_runs_behind_it_and_in_order()
    {
        Write("a");
        _commits.Then(() => _done.Add("behind a"));
        Write("b");
        _store.Complete(1);
        _commits.Run();
        _done.Should().Equal("a", "behind a");

        _store.Complete(1);
        _commits.Run();
        _done.Should().Equal("a", "behind a", "b");
        _commits.Count.Should().Be(0);
    }

    [Fact]
    public void With_nothing_written_there_is_nothing_to_wait_for()
    {
        _commits.Then(() => _done.Add("at once"));
        _done.Should().Equal("at once");
    }

    [Fact]
    public void A_write_that_nobody_waits_for_still_counts_for_what_comes_behind_it()
    {
        _commits.Write(new StoreWrite.Barrier());
        _commits.Then(() => _done.Add("behind"));
        (_commits.Count, _done.Count).Should().Be((1, 0));
        _store.Complete();
        _commits.Run();
        _done.Should().Equal("behind");
    }

    [Fact]
    public void The_actor_is_woken_once_for_all_that_a_group_commits_and_again_for_the_next()
    {
        Write("a");
        Write("b");
        _store.Complete();
        _actor.Messages.Should().ContainSingle().Which.Should().BeSameAs(StoreCommits.Due.Instance);
        _commits.Run();

        Write("c");
        _store.Complete();
        _actor.Messages.Should().HaveCount(2);
    }

    [Fact]
    public void What_a_commit_causes_may_write_again()
    {
        _commits.Write(new StoreWrite.Barrier(), () => Write("second"));
        _store.Complete();
        _commits.Run();
        _done.Should().BeEmpty();
        _store.Complete();
        _commits.Run();
        _done.Should().Equal("second");
    }

    [Fact]
    public void A_failure_is_thrown_behind_what_was_committed_before_it()
    {
        Write("a");
        Write("b");
        _store.Complete(1);
        _store.Fail();

        _commits.Invoking(commits => commits.Run()).Should().Throw<StorageException>().WithMessage("disk full");
        _done.Should().Equal("a");
    }

    private void Write(string name) => _commits.Write(new StoreWrite.Barrier(), () => _done.Add(name));
}
