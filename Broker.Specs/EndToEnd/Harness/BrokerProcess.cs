using System.Net;

namespace Broker.Specs.EndToEnd.Harness;

/// <summary>The built Broker.Node as a process of its own, with its own ports and data directory.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly TemporaryFolder _folder;
    private readonly ChildProcess _process;
    private readonly string[] _arguments;
    private readonly int _managementPort;

    private BrokerProcess(TemporaryFolder folder, BrokerEndpoint endpoint, string[] arguments, int managementPort)
    {
        _folder = folder;
        _arguments = arguments;
        _managementPort = managementPort;
        _process = ChildProcess.Start("dotnet", arguments, folder.FullName);
        Endpoint = endpoint.With(() => _process.Transcript());
    }

    /// <summary>Where clients connect.</summary>
    public BrokerEndpoint Endpoint { get; }

    /// <summary>Its management endpoints.</summary>
    public Uri Management => new($"http://127.0.0.1:{_managementPort}");

    /// <summary>The program's process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Everything that it has printed, one string a line.</summary>
    public IReadOnlyCollection<string> Output => _process.Output;

    /// <summary>The full name of a file in its data directory.</summary>
    public string DataFile(string name) => Path.Combine(_folder.File("data"), name);

    /// <summary>Bytes of memory resident.</summary>
    public long ResidentBytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.AsSpan("VmRSS:".Length, line.Length - "VmRSS:kB".Length), System.Globalization.CultureInfo.InvariantCulture) * 1024;
        }
    }

    /// <summary>Starts a broker and waits until it is ready.</summary>
    /// <param name="settings">Each as after <c>--set</c>: <c>mqtt.limits.max-subscriptions=3</c>.</param>
    public static async Task<BrokerProcess> StartAsync(params string[] settings)
    {
        var folder = new TemporaryFolder();
        var certificates = Certificates.In(folder.FullName);
        int port = FreePort.Next(), tlsPort = FreePort.Next(), mutualTlsPort = FreePort.Next(), managementPort = FreePort.Next();
        int webSocketPort = FreePort.Next(), secureWebSocketPort = FreePort.Next(), mutualWebSocketPort = FreePort.Next();
        string[] all =
        [
            "mqtt.listeners.tcp.host=127.0.0.1",
            $"mqtt.listeners.tcp.port={port}",
            $$"""mqtt.listeners.tls={ enabled = true, host = "127.0.0.1", port = {{tlsPort}}, tls { {{ServerTls(certificates)}} } }""",
            $$"""
            mqtt.listeners.mutual={ type = tls, enabled = true, host = "127.0.0.1", port = {{mutualTlsPort}}, tls { {{ServerTls(certificates)}}, client-certificate = required, client-ca-file = "{{certificates.AuthorityFile}}" } }
            """,
            $$"""mqtt.listeners.ws={ enabled = true, host = "127.0.0.1", port = {{webSocketPort}} }""",
            $$"""
            mqtt.listeners.wss={ enabled = true, host = "127.0.0.1", port = {{mutualWebSocketPort}}, tls { {{ServerTls(certificates)}}, client-certificate = required, client-ca-file = "{{certificates.AuthorityFile}}" } }
            """,
            $$"""mqtt.listeners.secure-ws={ type = wss, enabled = true, host = "127.0.0.1", port = {{secureWebSocketPort}}, tls { {{ServerTls(certificates)}} } }""",
            $"mqtt.management.port={managementPort}",
            $"""mqtt.data-directory="{folder.File("data")}" """,
            .. settings,
        ];
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "Broker.Node.dll"),
            "run",
            .. all.SelectMany(setting => (string[])["--set", setting]),
        ];
        var endpoint = new BrokerEndpoint
        {
            Port = port,
            TlsPort = tlsPort,
            MutualTlsPort = mutualTlsPort,
            WebSocketPort = webSocketPort,
            SecureWebSocketPort = secureWebSocketPort,
            MutualWebSocketPort = mutualWebSocketPort,
            Certificates = certificates,
        };
        return await StartAsync(folder, endpoint, arguments, managementPort);
    }

    /// <summary>Once it has ended: another with the same settings, ports and data.</summary>
    public Task<BrokerProcess> StartAgainAsync() => StartAsync(_folder, Endpoint, _arguments, _managementPort);

    /// <summary>What the load balancer's probe gets now.</summary>
    public async Task<HttpStatusCode> ProbeAsync(string path = "/ready")
    {
        using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{_managementPort}{path}"));
        return answer.StatusCode;
    }

    /// <summary>Whether <c>/ready</c> sends clients here, and its one line that says why.</summary>
    public async Task<(HttpStatusCode Status, string Line)> ReadinessAsync()
    {
        using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{_managementPort}/ready"));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Waits until <c>/ready</c> answers this, with that in its line.</summary>
    public async Task ExpectReadinessAsync(HttpStatusCode status, string reason)
    {
        (HttpStatusCode Status, string Line) last = default;
        var isSo = await Eventually.HoldsAsync(async () => (last = await ReadinessAsync()).Status == status, Deadline.ForPackets);
        isSo.Should().BeTrue("/ready should answer {0} and says {1}; the broker printed: {2}", status, last, Endpoint.Transcript());
        last.Line.Should().Contain(reason);
    }

    /// <summary>Waits until it has printed a line that holds <paramref name="text"/>.</summary>
    public Task WaitForLineAsync(string text) => _process.WaitForLineAsync(text);

    /// <summary>Stops it as an operator does (SIGTERM) and answers its exit code.</summary>
    public Task<int> StopAsync()
    {
        _process.Terminate();
        return _process.WaitForExitAsync(Deadline.ForBrokers);
    }

    /// <summary>Its exit code, once it has ended by itself.</summary>
    public Task<int> WaitForExitAsync() => _process.WaitForExitAsync(Deadline.ForBrokers);

    /// <summary>Ends it as a crash does (SIGKILL).</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync(Deadline.ForBrokers);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static string ServerTls(Certificates certificates) =>
        $"""certificate-file = "{certificates.ServerFile}", key-file = "{certificates.ServerKeyFile}" """;

    private static async Task<BrokerProcess> StartAsync(TemporaryFolder folder, BrokerEndpoint endpoint, string[] arguments, int managementPort)
    {
        var broker = new BrokerProcess(folder, endpoint, arguments, managementPort);
        try
        {
            await broker.WaitUntilReadyAsync();
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    private async Task WaitUntilReadyAsync()
    {
        var ready = await Eventually.HoldsAsync(async () => _process.HasExited || await IsReadyAsync(), Deadline.ForBrokers);
        if (!ready || _process.HasExited)
        {
            throw new InvalidOperationException(
                $"The broker {(ready ? "ended before it was ready" : "was not ready in time")}. It printed:\n{_process.Transcript()}");
        }
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            return await ProbeAsync() == HttpStatusCode.OK;
        }
        catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException)
        {
            return false; // Nobody listens yet, or the machine is so busy that nobody answers in time.
        }
    }
}
