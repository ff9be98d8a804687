using Broker.Actors.Hosting;
using Broker.Actors.Storage;
using Broker.Actors.Storage.Sql;
using Broker.Protocol.Packets;
using Microsoft.Data.Sqlite;

namespace Broker.Specs.Actors.Storage;

/// <summary>What only an embedded database does.</summary>
public sealed class SqliteFaultSpecs : StoreSpecs
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mqtt-spec-");

    protected override Task<BrokerOptions> CreateDatabaseAsync() => Task.FromResult(new BrokerOptions { DataDirectory = _directory.FullName });

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_second_node_on_the_same_directory_is_refused()
    {
        await FluentActions.Awaiting(OpenAsync).Should().ThrowAsync<StorageException>().WithMessage("*Another node*");
    }

    [Fact]
    public async Task Writes_wait_while_the_file_is_locked_and_are_committed_in_order_afterwards()
    {
        var session = await CreateAsync("c");
        var file = Path.Combine(_directory.FullName, SqlDialects.FileName);
        await using var other = new SqliteConnection($"Data Source={file};Pooling=False");
        await other.OpenAsync();
        List<Task> writes;
        await using (var transaction = other.BeginTransaction())
        {
            writes = [.. Enumerable.Range(1, 50).Select(position => Writer.WriteAsync(Enqueue(session, position, Message($"m{position}"))))];
            await UntilAsync(() => Task.FromResult(!Writer.Health.IsUp));

            Writer.Health.Reason.Should().Contain("locked");
            Writer.Backlog.Waiting.Should().BeGreaterThan(50 * StoreBacklog.PerMessage);
            writes.Should().OnlyContain(write => !write.IsCompleted);
            await transaction.RollbackAsync();
        }

        await Task.WhenAll(writes).WaitAsync(TimeSpan.FromSeconds(20));
        Writer.Health.IsUp.Should().BeTrue();
        Writer.Backlog.Waiting.Should().Be(0);
        (await ReadAsync(session)).Messages.Select(Text).Should().Equal(Enumerable.Range(1, 50).Select(position => $"m{position}"));
    }

    [Fact]
    public async Task After_a_churn_the_file_is_back_near_its_size_at_rest()
    {
        var file = new FileInfo(Path.Combine(_directory.FullName, SqlDialects.FileName));
        var payload = new string('x', 1_000);
        for (var round = 0; round < 5; round++)
        {
            var sessions = Enumerable.Range(0, 40).Select(i => Reader.NewSession($"churn-{i}")).ToList();
            var writes = sessions.Select(session => Writer.WriteAsync(new StoreWrite.Create(session))).ToList();
            writes.AddRange(sessions.SelectMany(session =>
                Enumerable.Range(1, 100).Select(position => Writer.WriteAsync(Enqueue(session, position, Message(payload))))));
            await Task.WhenAll(writes);
            file.Refresh();
            await Task.WhenAll(sessions.Select(session => Writer.WriteAsync(new StoreWrite.Discard(session))));
        }

        file.Refresh();
        var churned = file.Length;
        churned.Should().BeGreaterThan(4_000_000);

        // The log is taken into the file by a checkpoint, which is made when the store closes, if not before.
        await UntilAsync(async () => await CountAsync("mqtt_ended") == 0 && await CountAsync("pragma_freelist_count WHERE freelist_count > 256") == 0);
        await ReopenAsync();
        file.Refresh();
        file.Length.Should().BeLessThan(1_500_000);
    }

    [Fact]
    public async Task A_long_queue_is_read_in_order_without_being_in_memory()
    {
        const int Messages = 100_000;
        var session = await CreateAsync("c");
        var payload = new string('x', 1_024);
        var last = Task.CompletedTask;
        for (var position = 1; position <= Messages; position++)
        {
            last = Writer.WriteAsync(Enqueue(session, position, Message(payload)));
            if (position % 5_000 == 0)
            {
                await last;
            }
        }

        var loaded = (await LoadAsync("c"))!;
        loaded.QueuedMessages.Should().Be(Messages);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        long after = 0;
        for (var isLast = false; !isLast;)
        {
            var page = await ReadAsync(session, after, 1_000, 256 * 1024);
            page.Messages.Select(message => message.Position).Should().Equal(Enumerable.Range(1, page.Messages.Count).Select(i => after + i));
            after += page.Messages.Count;
            isLast = page.IsLast;
        }

        after.Should().Be(Messages);
        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(8 * 1024 * 1024);
    }

    [Fact]
    public async Task A_hundred_thousand_routes_load_in_under_five_seconds()
    {
        var sessions = Enumerable.Range(0, 1_000).Select(i => Reader.NewSession($"s{i}")).ToList();
        var options = new Broker.Actors.Routing.SubscriptionOptions(QualityOfService.AtLeastOnce);
        await Task.WhenAll(sessions.Select(session => Writer.WriteAsync(new StoreWrite.Create(session))));
        await Task.WhenAll(sessions.SelectMany(session =>
            Enumerable.Range(0, 100).Select(i => Writer.WriteAsync(new StoreWrite.AddRoute(session, $"site/{i}/{session.ClientId}/+", options)))));

        var watch = System.Diagnostics.Stopwatch.StartNew();
        var count = 0;
        await foreach (var route in Reader.ReadRoutesAsync(CancellationToken.None))
        {
            count++;
        }

        count.Should().Be(100_000);
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5));
    }
}
