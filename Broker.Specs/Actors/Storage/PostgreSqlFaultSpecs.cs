using Broker.Actors.Hosting;
using Broker.Actors.Storage;
using Broker.Actors.Storage.Sql;
using Broker.Specs.Support.Databases;
using LinqToDB.Data;

namespace Broker.Specs.Actors.Storage;

/// <summary>What only a database of its own process does: it goes away, and it is shared.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlFaultSpecs(PostgreSqlFixture fixture) : StoreSpecs
{
    protected override async Task<BrokerOptions> CreateDatabaseAsync() => new()
    {
        Storage = new StorageOptions { Provider = StorageProvider.PostgreSql, ConnectionString = await fixture.Server.CreateDatabaseAsync() },
    };

    [Fact]
    public async Task Writes_wait_while_the_server_is_stopped_and_are_committed_in_order_afterwards()
    {
        var session = await CreateAsync("c");
        await fixture.Server.StopAsync();
        var writes = Enumerable.Range(1, 100).Select(position => Writer.WriteAsync(Enqueue(session, position, Message($"m{position}")))).ToList();
        await UntilAsync(() => Task.FromResult(!Writer.Health.IsUp));

        writes.Should().OnlyContain(write => !write.IsCompleted);
        await FluentActions.Awaiting(() => ReadAsync(session)).Should().ThrowAsync<StorageException>();
        await fixture.Server.StartAsync();

        await Task.WhenAll(writes).WaitAsync(TimeSpan.FromSeconds(20));
        Writer.Health.IsUp.Should().BeTrue();
        (await ReadAsync(session)).Messages.Select(Text).Should().Equal(Enumerable.Range(1, 100).Select(position => $"m{position}"));
    }

    [Fact]
    public async Task Nothing_is_lost_or_doubled_when_connections_are_cut_again_and_again()
    {
        var session = await CreateAsync("c");
        var database = new Npgsql.NpgsqlConnectionStringBuilder(Options.Storage.ConnectionString).Database;
        var writes = new List<Task>();
        for (var position = 1; position <= 20_000; position++)
        {
            writes.Add(Writer.WriteAsync(Enqueue(session, position, Message($"m{position}"))));
            if (position % 1_000 == 0)
            {
                await fixture.Server.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'");
            }
        }

        await Task.WhenAll(writes).WaitAsync(TimeSpan.FromSeconds(30));
        (await CountAsync("mqtt_queue")).Should().Be(20_000);
    }

    [Fact]
    public async Task A_revoked_node_commits_nothing_any_more()
    {
        var session = await CreateAsync("c");
        await WriteAsync(Enqueue(session, 1, Message("before")));

        (await Store.Registry.RevokeAsync("mqtt@spec", 1, isStopped: false, CancellationToken.None)).Should().BeGreaterThan(TimeSpan.Zero);

        await FluentActions.Awaiting(() => WriteAsync(Enqueue(session, 2, Message("after")))).Should().ThrowAsync<StorageException>().WithMessage("*revoked*");
        await FluentActions.Awaiting(() => WriteAsync(new StoreWrite.Barrier())).Should().ThrowAsync<StorageException>();
        Writer.Health.IsUp.Should().BeFalse();
        (await CountAsync("mqtt_queue")).Should().Be(1);
    }

    [Fact]
    public async Task A_revocation_waits_for_the_group_that_is_under_way()
    {
        await using var group = new DataConnection(SqlDialects.Create(Options).Options);
        await using var transaction = await group.BeginTransactionAsync();
        await group.ExecuteAsync($"UPDATE mqtt_fence SET last_group = last_group WHERE node_key = {Store.Registry.Self.Key} AND revoked = 0");

        var revocation = Store.Registry.RevokeAsync("mqtt@spec", 1, isStopped: false, CancellationToken.None);

        await UntilAsync(async () => await CountAsync("pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%mqtt_fence%'") > 0);
        (await Store.Registry.RenewAsync(CancellationToken.None)).Should().BeTrue();
        revocation.IsCompleted.Should().BeFalse();
        await transaction.CommitAsync();
        (await revocation).Should().BeGreaterThan(TimeSpan.Zero);
    }
}
