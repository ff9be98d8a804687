using System.Net;
using System.Text;
using System.Text.Json;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Node.Azure;

/// <summary>Answers as Azure's instance metadata service does: refuses who does not say Metadata, tells one document until it is given another, notes approvals.</summary>
internal sealed class MetadataServer : IDisposable
{
    /// <summary>The machine's name.</summary>
    public const string Machine = "mqtt_0";

    private readonly HttpListener _listener = new();
    private readonly TaskCompletionSource<string> _approved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _document = """{"DocumentIncarnation":1,"Events":[]}""";

    public MetadataServer()
    {
        Address = $"http://127.0.0.1:{FreePort.Next()}";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>For <c>mqtt.azure.metadata-address</c>.</summary>
    public string Address { get; }

    /// <summary>The first approval's body.</summary>
    public Task<string> Approved => _approved.Task;

    /// <summary>From now on this is what is going to happen.</summary>
    public void Tell(params object[] events) => _document = JsonSerializer.Serialize(new { DocumentIncarnation = 2, Events = events });

    /// <summary>An event, as the service describes it.</summary>
    public static object Event(string type, TimeSpan notice, params string[] machines) => new
    {
        EventId = $"{type}-1",
        EventStatus = "Scheduled",
        EventType = type,
        ResourceType = "VirtualMachine",
        Resources = machines.Length == 0 ? [Machine] : machines,
        NotBefore = (TimeProvider.System.GetUtcNow() + notice).ToString("R"),
        Description = "Host server is undergoing maintenance.",
        EventSource = "Platform",
        DurationInSeconds = 5,
    };

    /// <inheritdoc/>
    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // The spec is over.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var (status, body) = context.Request switch
        {
            { } request when request.Headers["Metadata"] != "true" => (400, "Bad request. Required metadata header not specified"),
            { RawUrl: "/metadata/instance/compute/name?api-version=2021-02-01&format=text" } => (200, Machine),
            { RawUrl: "/metadata/scheduledevents?api-version=2020-07-01", HttpMethod: "GET" } => (200, _document),
            { RawUrl: "/metadata/scheduledevents?api-version=2020-07-01", HttpMethod: "POST" } request => (200, await ApproveAsync(request)),
            _ => (404, ""),
        };
        context.Response.StatusCode = status;
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
        context.Response.Close();
    }

    private async Task<string> ApproveAsync(HttpListenerRequest request)
    {
        using var reader = new StreamReader(request.InputStream);
        _approved.TrySetResult(await reader.ReadToEndAsync());
        return "";
    }
}
