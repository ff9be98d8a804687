using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Threading.Channels;
using Broker.Specs.EndToEnd.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Broker.Specs.EndToEnd.Clients;

/// <summary>Chromium without a window, on a page of ours that opens a frame for each client. Orders go to it and lines come from it over HTTP.</summary>
public sealed class Browser : IAsyncLifetime, IDisposable
{
    // It runs as root and on machines that have little shared memory, and is to talk to nobody else.
    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--disable-background-timer-throttling", "--disable-renderer-backgrounding",
    ];

    private static readonly Dictionary<string, string[]> Files = new()
    {
        ["/"] = ["browser", "index.html"],
        ["/client.html"] = ["browser", "client.html"],
        ["/scenario.js"] = ["scenario.js"],
        ["/mqtt.min.js"] = ["node_modules", "mqtt", "dist", "mqtt.min.js"],
    };

    private readonly TemporaryFolder _profile = new();
    private readonly Channel<string> _orders = Channel.CreateUnbounded<string>();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _said = new();
    private readonly WebApplication _server;
    private ChildProcess? _process;

    public Browser()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Urls.Add("http://127.0.0.1:0");
        foreach (var (path, file) in Files)
        {
            var name = RepositoryFolder.Find(["Broker.Specs", "EndToEnd", "js", .. file]);
            _server.MapGet(path, () => Results.File(name, name.EndsWith(".html", StringComparison.Ordinal) ? "text/html" : "text/javascript"));
        }

        _server.MapGet("/orders", SendOrdersAsync);
        _server.MapPost("/said/{id}", ListenAsync);
    }

    /// <summary>The last lines that it printed itself.</summary>
    internal string Transcript => _process?.Transcript(20) ?? "";

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        var broker = new SharedBroker();
        await broker.InitializeAsync();
        await _server.StartAsync();
        List<string> arguments = [.. Flags, $"--user-data-dir={_profile.FullName}"];
        if (broker.Endpoint.Certificates is { } certificates)
        {
            // In place of an authority of the specs among those of the machine.
            using var server = X509CertificateLoader.LoadCertificateFromFile(certificates.ServerFile);
            arguments.Add($"--ignore-certificate-errors-spki-list={Convert.ToBase64String(SHA256.HashData(server.PublicKey.ExportSubjectPublicKeyInfo()))}");
        }

        _process = ChildProcess.Start("chromium", [.. arguments, _server.Urls.First()]);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_process is { } process)
        {
            // Asked, it ends its own processes and leaves its profile alone.
            process.Terminate();
            await using (process)
            {
                await process.WaitForExitAsync(Deadline.ForPrograms);
            }
        }

        _orders.Writer.Complete();
        await _server.DisposeAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => _profile.Dispose();

    /// <summary>Opens a frame with a client that does what the request says.</summary>
    internal BrowserFrame Open(Dictionary<string, object?> request)
    {
        var id = Unique.Name("frame");
        var said = _said.GetOrAdd(id, _ => new ConcurrentQueue<string>());
        Order(new { id, request });
        return new BrowserFrame(this, id, said);
    }

    /// <summary>Takes a frame out.</summary>
    internal void Close(string id) => Order(new { id });

    private void Order(object order) => _orders.Writer.TryWrite(JsonSerializer.Serialize(order)).Should().BeTrue();

    private async Task SendOrdersAsync(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.Body.FlushAsync(http.RequestAborted);
        await foreach (var order in _orders.Reader.ReadAllAsync(http.RequestAborted))
        {
            await http.Response.WriteAsync($"data: {order}\n\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }

    private async Task ListenAsync(HttpContext http)
    {
        using var body = new StreamReader(http.Request.Body);
        var line = await body.ReadToEndAsync(http.RequestAborted);
        _said.GetOrAdd((string)http.Request.RouteValues["id"]!, _ => new ConcurrentQueue<string>()).Enqueue(line);
    }
}
