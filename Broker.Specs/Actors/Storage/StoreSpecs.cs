using Broker.Actors.Hosting;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Broker.Actors.Storage.Sql;
using Broker.Protocol.Packets;
using LinqToDB.Data;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Specs.Actors.Storage;

/// <summary>What every store does, whatever the database; one class below for each of those that run here.</summary>
public abstract class StoreSpecs : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private protected SqlStore Store { get; private set; } = null!;

    private protected IStoreWriter Writer => Store.Writer;

    private protected IStoreReader Reader => Store.Reader;

    private protected virtual TimeProvider Time => TimeProvider.System;

    /// <summary>A database of this spec's own.</summary>
    protected abstract Task<BrokerOptions> CreateDatabaseAsync();

    private protected BrokerOptions Options { get; private set; } = null!;

    public virtual async Task InitializeAsync()
    {
        Options = await CreateDatabaseAsync();
        Store = await OpenAsync();
    }

    public virtual async Task DisposeAsync() => await Store.DisposeAsync();

    private protected Task<SqlStore> OpenAsync() => SqlStore.OpenAsync(
        Options, "mqtt@spec", 1, NullLoggerFactory.Instance, Time, new CancellationTokenSource(Deadline).Token);

    private protected async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = await OpenAsync();
    }

    private protected async Task<SessionHandle> CreateAsync(string clientId)
    {
        var session = Reader.NewSession(clientId);
        await WriteAsync(new StoreWrite.Create(session));
        return session;
    }

    private protected Task WriteAsync(StoreWrite write) => Writer.WriteAsync(write).WaitAsync(Deadline);

    private protected Task<QueuePage> ReadAsync(SessionHandle session, long after = 0, int messages = 1000, int bytes = int.MaxValue) =>
        Reader.ReadQueueAsync(session, after, messages, bytes, CancellationToken.None);

    private protected async Task<StoredSession?> LoadAsync(string clientId) => (await Reader.LoadAsync(clientId, new CancellationTokenSource(Deadline).Token)).Session;

    private protected static Publication Message(string payload, MessageId id = default, long lowestUnreleased = 0, string topic = "a/b") => new()
    {
        Topic = topic,
        Payload = System.Text.Encoding.UTF8.GetBytes(payload),
        QoS = id.IsSet ? QualityOfService.ExactlyOnce : QualityOfService.AtLeastOnce,
        ClientId = "publisher",
        Id = id,
        LowestUnreleased = lowestUnreleased,
    };

    private protected static StoreWrite.Enqueue Enqueue(SessionHandle session, long position, Publication publication, bool shared = false) =>
        new(session, position, publication, publication.QoS, false, null, shared);

    private protected static string Text(QueuedMessage message) => System.Text.Encoding.UTF8.GetString(message.Delivery.Publication.Payload.Span);

    private protected async Task<long> CountAsync(string table)
    {
        await using var db = new DataConnection(SqlDialects.Create(Options).Options);
        return await db.ExecuteAsync<long>($"SELECT COUNT(*) FROM {table}");
    }

    private protected static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }
}
