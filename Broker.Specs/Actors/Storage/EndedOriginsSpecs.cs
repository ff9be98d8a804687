using Broker.Actors.Hosting;
using Broker.Actors.Routing;
using Broker.Actors.Storage;
using Broker.Actors.Storage.Sql.Writing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Storage;

/// <summary>The ids of received messages go some time after their publisher's session, and no others.</summary>
public sealed class EndedOriginsSpecs : StoreSpecs
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mqtt-spec-");
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    private protected override TimeProvider Time => _time;

    protected override Task<BrokerOptions> CreateDatabaseAsync() => Task.FromResult(new BrokerOptions { DataDirectory = _directory.FullName });

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task What_a_publisher_may_send_again_stays_and_what_it_cannot_goes()
    {
        var (receiver, living, ended) = (await CreateAsync("receiver"), await CreateAsync("living"), await CreateAsync("ended"));
        await WriteAsync(Enqueue(receiver, 1, Message("a", new MessageId(living.Key, 1), 1)));
        await WriteAsync(Enqueue(receiver, 2, Message("b", new MessageId(ended.Key, 1), 1)));
        await WriteAsync(new StoreWrite.Discard(ended));

        var intervals = 0;
        await UntilAsync(async () =>
        {
            _time.Advance(EndedOrigins.Interval);
            intervals++;
            await WriteAsync(new StoreWrite.Barrier());
            return await CountAsync("mqtt_received") < 2;
        });

        intervals.Should().BeGreaterThanOrEqualTo(EndedOrigins.Looks);
        (await LoadAsync("receiver"))!.Received.Should().Equal(new MessageId(living.Key, 1));
    }
}
