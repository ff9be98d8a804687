using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Cluster.Harness;

/// <summary>One node of a cluster as a process of its own, which may be ended and started again under the same address and data directory.</summary>
internal sealed class ClusterNode(NodePlace place, string folder, IReadOnlyList<string> settings) : IAsyncDisposable
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(1), PooledConnectionLifetime = TimeSpan.Zero })
    {
        Timeout = TimeSpan.FromSeconds(3),
        DefaultRequestHeaders = { { "Authorization", $"Bearer {Token}" } },
    };

    /// <summary>An operator's: nodes in networks of their own are asked from another one.</summary>
    public const string Token = "the-token-of-the-cluster-specs";

    private ChildProcess? _process;
    private string _program = AppContext.BaseDirectory;
    private string? _unknown;

    /// <summary>Where it is.</summary>
    public NodePlace Place => place;

    /// <summary>As the other nodes know it.</summary>
    public string Address => place.Address;

    /// <summary>Whether its process runs, or is frozen.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Between <see cref="Freeze"/> and <see cref="Thaw"/>.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Where its own clients connect, past the load balancer.</summary>
    public BrokerEndpoint Endpoint => new BrokerEndpoint { Host = place.Host, Port = place.MqttPort }.With(Transcript);

    /// <summary>Where its management endpoints are.</summary>
    public Uri Management => Uri("/");

    /// <summary>The last lines that it printed.</summary>
    public string Transcript() => $"[node {place.Number}]\n{_process?.Transcript()}";

    /// <summary>How many lines with this text its process has printed.</summary>
    public int Printed(string text) => _process?.Output.Count(line => line.Contains(text, StringComparison.Ordinal)) ?? 0;

    /// <summary>From its next start on it is another version of the program.</summary>
    /// <param name="program">The folder that this was published to.</param>
    /// <param name="unknown">Settings that begin so are not given: it does not know them.</param>
    public void Use(string program, string? unknown) => (_program, _unknown) = (program, unknown);

    /// <summary>From its next start on it is what is being tested.</summary>
    public void UseThisBuild() => Use(AppContext.BaseDirectory, unknown: null);

    /// <summary>Starts the process; it may take a while until it is <see cref="IsReadyAsync"/>.</summary>
    public async Task StartAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        string[] arguments =
        [
            Path.Combine(_program, "Broker.Node.dll"), "run",
            "--config", Path.Combine(_program, "hocon", "cluster.conf"), "--set", "mqtt.security.allow-anonymous=on",
            .. settings.Where(setting => _unknown is null || !setting.StartsWith(_unknown, StringComparison.Ordinal)).SelectMany(setting => (string[])["--set", setting]),
        ];
        Directory.CreateDirectory(folder);
        _process = place.Namespace is null
            ? ChildProcess.Start("dotnet", arguments, folder)
            : ChildProcess.Start("ip", ["netns", "exec", place.Namespace, "dotnet", .. arguments], folder);
        IsFrozen = false;
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        Process.Kill();
        await Process.WaitForExitAsync(Deadline.ForBrokers);
    }

    /// <summary>SIGTERM; answers the exit code.</summary>
    public Task<int> StopAsync()
    {
        Terminate();
        return WaitForExitAsync();
    }

    /// <summary>SIGTERM.</summary>
    public void Terminate() => Process.Terminate();

    /// <summary>Waits for its end; answers the exit code.</summary>
    public Task<int> WaitForExitAsync() => Process.WaitForExitAsync(Deadline.ForBrokers);

    /// <summary>SIGSTOP.</summary>
    public void Freeze()
    {
        Process.Freeze();
        IsFrozen = true;
    }

    /// <summary>SIGCONT.</summary>
    public void Thaw()
    {
        Process.Thaw();
        IsFrozen = false;
    }

    /// <summary>What GET answers on the management port; null: nothing did.</summary>
    public async Task<(HttpStatusCode Status, string Body)?> GetAsync(string path)
    {
        try
        {
            using var answer = await Http.GetAsync(Uri(path));
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>Sends a request to the management port.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Key, string Value)[] form)
    {
        var request = new HttpRequestMessage(method, Uri(path));
        if (form.Length > 0)
        {
            request.Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Key, field.Value)));
        }

        return Http.SendAsync(request);
    }

    /// <summary>Sends a body in JSON to the management port.</summary>
    public Task<HttpResponseMessage> PutAsync(string path, object body) => Http.PutAsJsonAsync(Uri(path), body);

    /// <summary>What <c>/ready</c> answers; null: nothing.</summary>
    public async Task<HttpStatusCode?> ProbeAsync() => (await GetAsync("/ready"))?.Status;

    /// <summary>Whether the load balancer would send clients here.</summary>
    public async Task<bool> IsReadyAsync() => await ProbeAsync() == HttpStatusCode.OK;

    /// <summary>Whether it is ready and lacks nothing.</summary>
    public async Task<bool> IsWholeAsync() => await GetAsync("/ready") is { Status: HttpStatusCode.OK, Body: var body } && body.StartsWith("ready", StringComparison.Ordinal);

    /// <summary>What <c>/ha</c> says; null: nothing.</summary>
    public async Task<HaView?> HaAsync() =>
        await GetAsync("/ha") is { Status: HttpStatusCode.OK, Body: var body } ? JsonSerializer.Deserialize<HaView>(body, JsonSerializerOptions.Web) : null;

    /// <summary>What <c>/cluster/members</c> says; null: nothing.</summary>
    public async Task<MembersView?> MembersAsync() =>
        await GetAsync("/cluster/members") is { Status: HttpStatusCode.OK, Body: var body }
            ? JsonSerializer.Deserialize<MembersView>(body, JsonSerializerOptions.Web)
            : null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private ChildProcess Process => _process ?? throw new InvalidOperationException("The node has not been started.");

    private Uri Uri(string path) => new($"http://{place.Host}:{place.ManagementPort}{path}");
}
