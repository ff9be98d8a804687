using System.Net.Http.Json;

namespace Broker.Node.Azure;

/// <summary>Azure's instance metadata service, which each virtual machine reaches at a link-local address.</summary>
internal sealed class MetadataService : IDisposable
{
    private const string EventsPath = "metadata/scheduledevents?api-version=2020-07-01";
    private const string NamePath = "metadata/instance/compute/name?api-version=2021-02-01&format=text";

    /// <summary>The first question after a machine's start turns the service on, which may take two minutes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    private readonly HttpClient _http;

    public MetadataService(Uri address)
    {
        // It refuses what went through a proxy.
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = address, Timeout = Patience };
        _http.DefaultRequestHeaders.Add("Metadata", "true");
    }

    /// <summary>This machine, as events name it.</summary>
    public async Task<string> GetNameAsync(CancellationToken cancellation) => (await _http.GetStringAsync(new Uri(NamePath, UriKind.Relative), cancellation)).Trim();

    /// <summary>What is to happen.</summary>
    public async Task<ScheduledEvents> GetEventsAsync(CancellationToken cancellation) =>
        await _http.GetFromJsonAsync(EventsPath, AzureJson.Default.ScheduledEvents, cancellation) ?? new ScheduledEvents();

    /// <summary>This event may begin at once.</summary>
    public async Task ApproveAsync(string eventId, CancellationToken cancellation)
    {
        using var answer = await _http.PostAsJsonAsync(EventsPath, new StartRequests([new StartRequest(eventId)]), AzureJson.Default.StartRequests, cancellation);
        answer.EnsureSuccessStatusCode();
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
