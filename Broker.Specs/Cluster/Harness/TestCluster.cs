using System.Diagnostics;
using Broker.Specs.Durable;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Support.Databases;
using Npgsql;

namespace Broker.Specs.Cluster.Harness;

/// <summary>Nodes as real processes, with a PostgreSQL and a HAProxy of their own.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PartitionNetwork? _network;
    private LoadBalancer? _balancer;
    private string _connectionString = "";

    private TestCluster(PartitionNetwork? network)
    {
        _network = network;
        Database = new PostgreSqlServer(network?.DatabaseHost);
    }

    /// <summary>All, those that do not run included; the first has the number 1.</summary>
    public IReadOnlyList<ClusterNode> Nodes { get; private set; } = [];

    /// <summary>What they share.</summary>
    public PostgreSqlServer Database { get; }

    /// <summary>Whose links can be cut.</summary>
    public PartitionNetwork Network => _network ?? throw new InvalidOperationException("This cluster has no network of its own.");

    /// <summary>Where clients connect through the load balancer.</summary>
    public BrokerEndpoint Endpoint => _balancer?.Endpoint ?? throw new InvalidOperationException("Only three nodes have a load balancer.");

    /// <summary>Makes one; nothing of it runs but the database and the load balancer.</summary>
    /// <param name="nodes">How many nodes; a load balancer is there for three.</param>
    /// <param name="withNetwork">Whether links can be cut: needs root.</param>
    /// <param name="settings">Of every node.</param>
    public static Task<TestCluster> CreateAsync(int nodes = 3, bool withNetwork = false, params string[] settings) =>
        CreateAsync(nodes, withNetwork, probeInterval: "500ms", settings);

    /// <summary>Three nodes on the loopback address.</summary>
    /// <param name="probeInterval">Between two probes of the load balancer, in HAProxy's form.</param>
    /// <param name="settings">Of every node.</param>
    public static Task<TestCluster> CreateAsync(string probeInterval, params string[] settings) => CreateAsync(nodes: 3, withNetwork: false, probeInterval, settings);

    /// <summary>Every link works, every node runs, all are members and ready.</summary>
    public async Task MakeWholeAsync()
    {
        if (_network is not null)
        {
            await _network.HealAsync();
        }

        foreach (var frozen in Nodes.Where(node => node.IsFrozen))
        {
            frozen.Thaw();
        }

        foreach (var ended in Nodes.Where(node => !node.IsRunning))
        {
            await ended.StartAsync();
        }

        await UntilAsync(IsWholeAsync, "every node should be a member, ready, and know the primary");
    }

    /// <summary>Whether every node sees all of them Up and none unreachable, is ready and knows the same primary.</summary>
    public async Task<bool> IsWholeAsync() => await AreTogetherAsync(Nodes);

    /// <summary>Whether these, and no others, are a cluster.</summary>
    public static async Task<bool> AreTogetherAsync(IReadOnlyList<ClusterNode> nodes)
    {
        var addresses = nodes.Select(node => node.Address).ToHashSet();
        var primaries = new HashSet<(string?, long?)>();
        foreach (var node in nodes)
        {
            if (!node.IsRunning || !await node.IsWholeAsync() || await node.MembersAsync() is not { Unreachable: [] } view
                || !view.Members.Select(member => member.Node).ToHashSet().SetEquals(addresses) || view.Members.Any(member => member.Status != "Up"))
            {
                return false;
            }

            primaries.Add(await node.HaAsync() is { Primary: { } primary, Term: var term } ? (primary, term) : default);
        }

        return primaries.Count == 1 && primaries.First().Item1 is { } known && addresses.Contains(known);
    }

    /// <summary>The node that every running one takes for the primary.</summary>
    public async Task<ClusterNode> PrimaryAsync()
    {
        var address = (await Nodes.First(node => node.IsRunning).HaAsync())?.Primary;
        return Nodes.Single(node => node.Address == address);
    }

    /// <summary>Waits until it holds; fails the spec with what the nodes printed where it does not within <see cref="Deadline.ForBrokers"/>.</summary>
    public Task<TimeSpan> UntilAsync(Func<Task<bool>> condition, string expectation) => UntilAsync(condition, Deadline.ForBrokers, expectation);

    /// <summary>Waits until it holds, at most for <paramref name="limit"/>; answers how long that took.</summary>
    public async Task<TimeSpan> UntilAsync(Func<Task<bool>> condition, TimeSpan limit, string expectation)
    {
        var clock = Stopwatch.StartNew();
        if (!await Eventually.HoldsAsync(condition, limit))
        {
            Assert.Fail($"Within {limit.TotalSeconds:0.#} s {expectation}.\n{await DescribeAsync()}");
        }

        return clock.Elapsed;
    }

    /// <summary>The last lines of each node, and then, where a long output is cut off last, what each says of itself.</summary>
    public async Task<string> DescribeAsync()
    {
        var lines = Nodes.Select(static node => node.Transcript()).ToList();
        foreach (var node in Nodes)
        {
            foreach (var path in (string[])["/ready", "/ha", "/cluster/members"])
            {
                lines.Add($"[node {node.Place.Number}, {(node.IsRunning ? "runs" : "does not run")}] {path}: {await node.GetAsync(path)}");
            }
        }

        return string.Join('\n', lines);
    }

    /// <summary>What the database has of the sessions whose client ids begin so: whether what did not arrive is there.</summary>
    public async Task<string> DescribeSessionsAsync(string clientIds)
    {
        await using var database = new NpgsqlConnection(_connectionString);
        await database.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            SELECT s.client_id, h.read_position, count(q.position), min(q.position), max(q.position), length(h.outbound)
            FROM mqtt_session s LEFT JOIN mqtt_handshake h ON h.session_key = s.session_key LEFT JOIN mqtt_queue q ON q.session_key = s.session_key
            WHERE s.client_id LIKE @clients || '%' GROUP BY s.client_id, h.read_position, h.outbound ORDER BY s.client_id
            """,
            database);
        command.Parameters.AddWithValue("clients", clientIds);
        var lines = new List<string>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            lines.Add($"{rows[0]}: read up to {rows[1]}, {rows[2]} queued at {rows[3]} to {rows[4]}, {rows[5]} bytes of outbound handshakes");
        }

        return string.Join('\n', lines);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // All of it, also where a part fails: what remains would disturb the next run.
        var parts = new List<IAsyncDisposable>(Nodes);
        parts.AddRange(_balancer is null ? [] : [_balancer]);
        parts.Add(Database);
        parts.AddRange(_network is null ? [] : [_network]);
        var failures = new List<Exception>();
        foreach (var part in parts)
        {
            try
            {
                await part.DisposeAsync();
            }
            catch (Exception failure)
            {
                failures.Add(failure);
            }
        }

        _folder.Dispose();
        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }
    }

    private static async Task<TestCluster> CreateAsync(int nodes, bool withNetwork, string probeInterval, string[] settings)
    {
        var cluster = new TestCluster(withNetwork ? await PartitionNetwork.CreateAsync(nodes) : null);
        try
        {
            await cluster.Database.CreateAsync();
            await cluster.PrepareAsync(nodes, probeInterval, settings);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private async Task PrepareAsync(int count, string probeInterval, string[] settings)
    {
        NodePlace[] places = [.. Enumerable.Range(1, count).Select(number => _network?.Place(number)
            ?? new NodePlace(number, "127.0.0.1", FreePort.Next(), FreePort.Next(), FreePort.Next(), Namespace: null))];
        var connection = new NpgsqlConnectionStringBuilder(await Database.CreateDatabaseAsync());
        connection.Host = _network?.DatabaseHost ?? connection.Host;
        _connectionString = connection.ConnectionString;
        Nodes = [.. places.Select(place => new ClusterNode(
            place, _folder.File($"node{place.Number}"), [.. Settings(place), .. PostgreSqlSettings.On(connection.ConnectionString), .. settings]))];
        if (count == 3)
        {
            _balancer = LoadBalancer.Start(places, probeInterval, () => string.Join('\n', Nodes.Select(node => node.Transcript())));
        }
    }

    private static string[] Settings(NodePlace place) =>
    [
        $"mqtt.listeners.tcp.host={place.Host}",
        $"mqtt.listeners.tcp.port={place.MqttPort}",
        $"mqtt.management.host={place.Host}",
        $"mqtt.management.port={place.ManagementPort}",
        $"mqtt.management.tokens.specs={{ role = operator, token = {ClusterNode.Token} }}",
        "mqtt.sys-interval=1s",
        "mqtt.drain.wait=1s",

        // Campaigns stop nobody for long, but a client that finds no node for a second has a thousand messages to catch up with: a full queue refuses what is acknowledged.
        "mqtt.limits.max-queued-messages=0",
        "mqtt.limits.max-queued-bytes=0",
        "mqtt.redirect.server-reference=others.example.org",
        $"akka.remote.dot-netty.tcp.hostname={place.Host}",
        $"akka.remote.dot-netty.tcp.port={place.RemotePort}",
    ];
}
