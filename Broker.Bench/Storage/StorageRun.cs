using System.Diagnostics;
using Broker.Actors.Hosting;
using Broker.Actors.Routing;
using Broker.Actors.Storage;
using Broker.Actors.Storage.Sql;
using Broker.Protocol.Packets;
using Broker.Specs.Support.Databases;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Bench.Storage;

/// <summary>
/// <c>storage [sqlite|postgresql|mysql]… [--messages N] [--sessions N] [--window N]</c>: messages into the queues of durable sessions, and out again. As many
/// writes are under way as ten publishers have in flight; out, each session reads pages and acknowledges every message.
/// </summary>
internal static class StorageRun
{
    public static async Task<int> RunAsync(string[] args)
    {
        var providers = args.TakeWhile(arg => !arg.StartsWith("--", StringComparison.Ordinal)).ToArray();
        var messages = Number(args, "--messages", 50_000);
        var sessions = Number(args, "--sessions", 100);
        var window = Number(args, "--window", 1_000);
        Console.WriteLine("provider      rows in/s  CPU us in   rows out/s  CPU us out   (CPU of this process alone)");
        foreach (var provider in providers.Length > 0 ? providers : ["sqlite", "postgresql", "mysql"])
        {
            await MeasureAsync(provider, messages, sessions, window);
        }

        return 0;
    }

    private static int Number(string[] args, string name, int otherwise) =>
        Array.IndexOf(args, name) is >= 0 and var index ? int.Parse(args[index + 1], null) : otherwise;

    private static async Task MeasureAsync(string provider, int messages, int sessions, int window)
    {
        var directory = Directory.CreateTempSubdirectory("mqtt-bench-");
        await using DatabaseServer? server = provider switch { "postgresql" => new PostgreSqlServer(), "mysql" => new MariaDbServer(), _ => null };
        var storage = new StorageOptions();
        if (server is not null)
        {
            await server.CreateAsync();
            storage = new StorageOptions
            {
                Provider = provider == "mysql" ? StorageProvider.MySql : StorageProvider.PostgreSql,
                ConnectionString = await server.CreateDatabaseAsync(),
            };
        }

        var options = new BrokerOptions { DataDirectory = directory.FullName, Storage = storage };
        await using (var store = await SqlStore.OpenAsync(options, "bench", 1, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None))
        {
            // The first round is for the compiler.
            await RoundAsync(store, 5_000, sessions, window, "warm");
            var (enqueue, drain) = await RoundAsync(store, messages, sessions, window, "run");
            Console.WriteLine($"{provider,-12} {enqueue.Rate,10:N0} {enqueue.Cpu,10:N1} {drain.Rate,12:N0} {drain.Cpu,11:N1}");
            var fanOut = await FanOutAsync(store);
            Console.WriteLine($"{"  1 to 1,000",-12} {fanOut.Rate,10:N0} {fanOut.Cpu,10:N1}");
        }

        SqliteConnection.ClearAllPools();
        directory.Delete(recursive: true);
    }

    private static async Task<(Figures In, Figures Out)> RoundAsync(SqlStore store, int messages, int sessions, int window, string name)
    {
        var handles = new SessionHandle[sessions];
        for (var i = 0; i < sessions; i++)
        {
            handles[i] = store.Reader.NewSession($"{name}-{i}");
            await store.Writer.WriteAsync(new StoreWrite.Create(handles[i]));
        }

        var payload = new byte[200];
        Random.Shared.NextBytes(payload);
        using var inFlight = new InFlight(window);
        var start = Figures.Now();
        for (var i = 0; i < messages; i++)
        {
            inFlight.Enter();
            var publication = new Publication { Topic = "bench/topic", Payload = payload, QoS = QualityOfService.AtLeastOnce, ClientId = "bench" };
            store.Writer.Write(
                new StoreWrite.Enqueue(handles[i % sessions], (i / sessions) + 1, publication, QualityOfService.AtLeastOnce, false, null, false), inFlight);
        }

        inFlight.WaitForAll();
        var enqueue = Figures.Since(start, messages);
        start = Figures.Now();
        await Task.WhenAll(handles.Select(handle => Task.Run(() => DrainAsync(store, handle))));
        return (enqueue, Figures.Since(start, messages));
    }

    /// <summary>50 messages to 1,000 sessions each, stored once.</summary>
    private static async Task<Figures> FanOutAsync(SqlStore store)
    {
        const int Sessions = 1_000;
        const int Messages = 50;
        var handles = new SessionHandle[Sessions];
        var created = new List<Task>();
        for (var i = 0; i < Sessions; i++)
        {
            handles[i] = store.Reader.NewSession($"fan-{i}");
            created.Add(store.Writer.WriteAsync(new StoreWrite.Create(handles[i])));
        }

        await Task.WhenAll(created);
        using var inFlight = new InFlight(Sessions);
        var start = Figures.Now();
        for (var position = 1; position <= Messages; position++)
        {
            var publication = new Publication { Topic = "bench/topic", Payload = new byte[200], QoS = QualityOfService.AtLeastOnce, ClientId = "bench" };
            foreach (var handle in handles)
            {
                inFlight.Enter();
                store.Writer.Write(new StoreWrite.Enqueue(handle, position, publication, QualityOfService.AtLeastOnce, false, null, true), inFlight);
            }
        }

        inFlight.WaitForAll();
        return Figures.Since(start, Messages * Sessions);
    }

    private static async Task DrainAsync(SqlStore store, SessionHandle session)
    {
        ushort packetId = 0;
        for (long after = 0; ;)
        {
            var page = await store.Reader.ReadQueueAsync(session, after, 100, 256 * 1024, CancellationToken.None);
            var last = Task.CompletedTask;
            foreach (var message in page.Messages)
            {
                packetId = packetId == ushort.MaxValue ? (ushort)1 : (ushort)(packetId + 1);
                store.Writer.Write(new StoreWrite.Read(session, message.Position, packetId, message.Delivery.QoS), Nobody.Instance);
                after = message.Position;
            }

            for (var i = 0; i < page.Messages.Count - 1; i++)
            {
                store.Writer.Write(new StoreWrite.Acknowledge(session, page.Messages[i].Position), Nobody.Instance);
            }

            if (page.Messages.Count > 0)
            {
                last = store.Writer.WriteAsync(new StoreWrite.Acknowledge(session, after));
            }

            await last;
            if (page.IsLast)
            {
                return;
            }
        }
    }
}

/// <summary>Time and CPU of a stretch.</summary>
internal readonly record struct Figures(double Rate, double Cpu)
{
    public static (long Time, TimeSpan Cpu) Now() => (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

    public static Figures Since((long Time, TimeSpan Cpu) start, int messages) => new(
        messages / Stopwatch.GetElapsedTime(start.Time).TotalSeconds, (Environment.CpuUsage.TotalTime - start.Cpu).TotalMicroseconds / messages);
}

/// <summary>Bounds the writes under way.</summary>
internal sealed class InFlight(int window) : IWriteObserver, IDisposable
{
    private readonly SemaphoreSlim _free = new(window);

    public void Enter() => _free.Wait();

    public void WaitForAll()
    {
        for (var i = 0; i < window; i++)
        {
            _free.Wait();
        }
    }

    public void OnCommitted(StoreWrite write) => _free.Release();

    public void OnFailed(StoreWrite write, StorageException failure) => throw failure;

    public void Dispose() => _free.Dispose();
}

/// <summary>Waits for nothing.</summary>
internal sealed class Nobody : IWriteObserver
{
    public static Nobody Instance { get; } = new();

    public void OnCommitted(StoreWrite write)
    {
    }

    public void OnFailed(StoreWrite write, StorageException failure) => throw failure;
}
