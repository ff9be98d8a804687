using Broker.Actors.Routing;
using Broker.Actors.Storage;
using Broker.Actors.Storage.Sql;
using Broker.Actors.Storage.Sql.Schema;
using Broker.Protocol.Packets;
using LinqToDB.Data;

namespace Broker.Specs.Actors.Storage;

/// <summary>Routes, retained messages, connections and the registry.</summary>
public abstract class StoreRecordsContractSpecs : StoreSpecs
{
    [Fact]
    public async Task Routes_come_back_with_their_latest_options_and_client_ids()
    {
        var session = await CreateAsync("c");
        var latest = new SubscriptionOptions(QualityOfService.ExactlyOnce, NoLocal: true, RetainAsPublished: true, SubscriptionIdentifier: 268_435_455);
        await WriteAsync(new StoreWrite.AddRoute(session, "a/#", new SubscriptionOptions(QualityOfService.AtMostOnce)));
        await Task.WhenAll(
            Writer.WriteAsync(new StoreWrite.AddRoute(session, "a/#", latest)),
            Writer.WriteAsync(new StoreWrite.AddRoute(session, "A/#", new SubscriptionOptions(QualityOfService.AtLeastOnce))),
            Writer.WriteAsync(new StoreWrite.AddRoute(session, "gone", latest)),
            Writer.WriteAsync(new StoreWrite.RemoveRoute(session, "gone")),
            Writer.WriteAsync(new StoreWrite.RemoveRoute(session, "never there")));

        await ReopenAsync();

        StoredRoute[] routes =
        [
            new(session.Key, "c", "a/#", latest),
            new(session.Key, "c", "A/#", new SubscriptionOptions(QualityOfService.AtLeastOnce)),
        ];
        (await ToListAsync(Reader.ReadRoutesAsync(CancellationToken.None))).Should().BeEquivalentTo(routes);
        (await LoadAsync("c"))!.Routes.Should().BeEquivalentTo(routes);
    }

    [Fact]
    public async Task A_retained_message_replaces_older_versions_only_and_an_empty_one_leaves_a_tombstone()
    {
        await WriteAsync(new StoreWrite.SaveRetained(1, 5, Message("five", topic: "t")));
        await WriteAsync(new StoreWrite.SaveRetained(1, 4, Message("four", topic: "t")));
        await WriteAsync(new StoreWrite.SaveRetained(1, 6, Message("six", topic: "u")));
        await WriteAsync(new StoreWrite.SaveRetained(1, 7, Message("", topic: "u")));
        await WriteAsync(new StoreWrite.SaveRetained(2, 1, Message("other", topic: "v")));

        await ReopenAsync();

        (await RetainedAsync(null, 0)).Should().Equal((1, 5, "t", "five"), (1, 7, "u", null), (2, 1, "v", "other"));
        (await RetainedAsync(1, 5)).Should().Equal((1, 7L, "u", (string?)null));
        await WriteAsync(new StoreWrite.PurgeTombstones(1, 7));
        (await RetainedAsync(1, 0)).Should().Equal((1, 5L, "t", (string?)"five"));
    }

    [Fact]
    public async Task A_connection_is_found_open_then_due_and_a_late_close_does_not_touch_its_successor()
    {
        var will = new WillMessage
        {
            Topic = "gone",
            Payload = new byte[] { 1 },
            QoS = QualityOfService.AtLeastOnce,
            Retain = true,
            DelayInterval = 5,
            Properties = new PublishProperties { ContentType = "t" },
        };
        await WriteAsync(new StoreWrite.OpenConnection("c", 10, 60, null));
        await WriteAsync(new StoreWrite.OpenConnection("c", 11, 0, will));
        await WriteAsync(new StoreWrite.CloseConnection("c", 10, 0, keepWill: false));

        var open = (await ToListAsync(Store.Connections.ReadOpenAsync(Store.Registry.Self.Key, CancellationToken.None))).Single();
        open.Should().BeEquivalentTo(new { ClientId = "c", Number = 11L, SessionExpiry = 0u, OfflineMilliseconds = (long?)null });
        open.Will!.Topic.Should().Be("gone");
        open.Will.DelayInterval.Should().Be(5);

        await WriteAsync(new StoreWrite.CloseConnection("c", 11, 0, keepWill: true));
        await WriteAsync(new StoreWrite.OpenConnection("later", 12, 3600, null));
        await WriteAsync(new StoreWrite.CloseConnection("later", 12, 3600, keepWill: false));
        await WriteAsync(new StoreWrite.OpenConnection("for ever", 13, uint.MaxValue, null));
        await WriteAsync(new StoreWrite.CloseConnection("for ever", 13, uint.MaxValue, keepWill: false));

        // The session's end is due at once, and with it the will.
        (await Store.Connections.ReadDueAsync(10, CancellationToken.None)).Select(connection => connection.ClientId).Should().Equal("c");
        (await Reader.LoadAsync("later", CancellationToken.None)).Connection!.OfflineMilliseconds.Should().BeInRange(0, 60_000);
        await WriteAsync(new StoreWrite.ForgetConnection("c", 11));
        (await Reader.LoadAsync("c", CancellationToken.None)).Connection.Should().BeNull();
    }

    [Fact]
    public async Task Open_connections_of_an_earlier_incarnation_count_as_closed_from_the_restart()
    {
        await WriteAsync(new StoreWrite.OpenConnection("c", 1, 0, null));
        await WriteAsync(new StoreWrite.OpenConnection("d", 2, 3600, null));
        await ReopenAsync();
        await WriteAsync(new StoreWrite.OpenConnection("e", 3, 0, null));

        (await Store.Connections.StampDisconnectedAsync(null, CancellationToken.None)).Should().Be(2);

        (await Store.Connections.ReadDueAsync(10, CancellationToken.None)).Select(connection => connection.ClientId).Should().Equal("c");
        (await Reader.LoadAsync("e", CancellationToken.None)).Connection!.OfflineMilliseconds.Should().BeNull();
    }

    [Fact]
    public async Task A_registration_outlives_nothing_that_comes_after_it_under_its_address()
    {
        var first = Store.Registry.Self;
        (await Store.Registry.RenewAsync(CancellationToken.None)).Should().BeTrue();
        var before = Store.Registry;

        await ReopenAsync();

        Store.Registry.Self.Key.Should().BeGreaterThan(first.Key);
        (await before.RenewAsync(CancellationToken.None)).Should().BeFalse();
        (await Store.Registry.ReadAsync(CancellationToken.None)).Should().ContainSingle().Which.Registration.Should().Be(Store.Registry.Self);
        (await Store.Registry.RevokeAsync("mqtt@elsewhere", 1, isStopped: false, CancellationToken.None)).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused()
    {
        await Store.DisposeAsync();
        await using (var db = new DataConnection(SqlDialects.Create(Options).Options))
        {
            await db.ExecuteAsync($"INSERT INTO mqtt_schema (version) VALUES ({Migrations.Latest + 1})");
        }

        await FluentActions.Awaiting(OpenAsync).Should().ThrowAsync<StorageException>().WithMessage("*newer program*");
    }

    [Fact]
    public async Task A_damaged_row_fails_its_session_by_name_and_no_other()
    {
        var session = await CreateAsync("damaged");
        var other = await CreateAsync("sound");
        await WriteAsync(Enqueue(session, 1, Message("m")));
        await WriteAsync(Enqueue(other, 1, Message("m")));
        await using (var db = new DataConnection(SqlDialects.Create(Options).Options))
        {
            await db.ExecuteAsync(
                $"UPDATE mqtt_queue SET body = @body WHERE session_key = {session.Key}", new DataParameter("body", new byte[] { 1, 0x11, 200 }));
        }

        await FluentActions.Awaiting(() => ReadAsync(session)).Should().ThrowAsync<CorruptRowException>().WithMessage("*'damaged'*position 1*");
        (await ReadAsync(other)).Messages.Should().ContainSingle();
    }

    private static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> source)
    {
        var result = new List<T>();
        await foreach (var item in source)
        {
            result.Add(item);
        }

        return result;
    }

    private async Task<List<(int, long, string, string?)>> RetainedAsync(int? partition, long after) =>
        (await ToListAsync(Reader.ReadRetainedAsync(partition, after, CancellationToken.None)))
        .ConvertAll(stored => (
            stored.Partition,
            stored.Version,
            stored.Topic,
            stored.Publication is { } publication ? System.Text.Encoding.UTF8.GetString(publication.Payload.Span) : null));
}
