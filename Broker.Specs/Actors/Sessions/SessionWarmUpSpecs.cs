using Broker.Actors.Sessions;
using Broker.Actors.Sessions.Journal;
using Broker.Actors.Storage;

namespace Broker.Specs.Actors.Sessions;

/// <summary>The session that goes first.</summary>
public class SessionWarmUpSpecs : SessionSpecsBase
{
    [Fact]
    public async Task It_goes_through_a_whole_session_and_leaves_nothing_behind()
    {
        Start();

        await SessionWarmUp.RunAsync(Sys, Services, CancellationToken.None).WaitAsync(Deadline);

        Store.Writes.Select(write => write.GetType()).Should().Contain(
            [
                typeof(StoreWrite.Create), typeof(StoreWrite.OpenConnection), typeof(StoreWrite.AddRoute), typeof(StoreWrite.Enqueue),
                typeof(StoreWrite.Acknowledge), typeof(StoreWrite.RemoveRoute), typeof(StoreWrite.Discard),
            ]);
        Journal.Reads.Should().Be(1, "the events are read after loading");
        ExpectTheJournalIsErased();
        ExpectNothingIsLeft();
    }

    [Fact]
    public async Task A_database_that_is_away_does_not_hold_the_start_and_what_was_begun_is_removed_when_it_is_back()
    {
        Start();
        Store.IsManual = true;
        var warmUp = SessionWarmUp.RunAsync(Sys, Services, CancellationToken.None);
        AwaitCondition(() => Store.Waiting == 2, Deadline, Poll);

        Pass(Services.Patience);
        await warmUp.WaitAsync(Deadline);

        Store.ComeBack();
        AwaitCondition(() => Store.Writes.OfType<StoreWrite.Discard>().Any(), Deadline, Poll);
        ExpectNothingIsLeft();
    }

    [Fact]
    public async Task A_journal_that_fails_does_not_hold_the_start()
    {
        Start();
        Journal.WritesFail = true;
        var warmUp = SessionWarmUp.RunAsync(Sys, Services, CancellationToken.None);
        AwaitCondition(
            () =>
            {
                Pass(TimeSpan.FromMilliseconds(100));
                return warmUp.IsCompleted;
            },
            Deadline,
            Poll);
        await warmUp;
        ExpectTheJournalIsErased();
        ExpectNothingIsLeft();
    }

    private void ExpectTheJournalIsErased()
    {
        AwaitCondition(() => !Erasers.Messages.IsEmpty, Deadline, Poll);
        Erasers.Next<JournalErasers.Erase>().SessionKey.Should().Be(Store.Writes.OfType<StoreWrite.Create>().Single().Session.Key);
    }

    private void ExpectNothingIsLeft()
    {
        AwaitCondition(() => Store.SessionCount + Store.ConnectionCount == 0, Deadline, Poll);
        (Routes.Tree.Count, Services.DurableSessionCount).Should().Be((0, 0));
        Published.Should().BeEmpty();
    }
}
