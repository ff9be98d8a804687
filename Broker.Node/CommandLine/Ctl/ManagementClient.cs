using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Broker.Node.CommandLine.Ctl;

/// <summary>A node's management API, as <c>ctl</c> asks it.</summary>
/// <param name="address">The node's, without a path.</param>
/// <param name="token">Of <c>mqtt.management.tokens</c>, or null.</param>
internal sealed class ManagementClient(Uri address, string? token) : IDisposable
{
    /// <summary>Longer than the nodes wait for each other.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = Patience };

    /// <summary>The answer, in JSON.</summary>
    /// <param name="method">Of HTTP.</param>
    /// <param name="path">Under <c>/api/v1/</c>, escaped, with its query.</param>
    /// <param name="body">Sent as JSON, or null.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <exception cref="CtlException">There is no good one, and why.</exception>
    public async Task<JsonElement> AskAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/{path}");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Content = body is null ? null : JsonContent.Create(body);
        try
        {
            using var answer = await _http.SendAsync(request, cancellation);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            return answer.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new CtlException($"{(int)answer.StatusCode}: {Reason(text, answer)}");
        }
        catch (HttpRequestException problem)
        {
            throw new CtlException($"{address} does not answer: {problem.Message}. Is the node running, and is --url its management address (mqtt.management)?");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CtlException($"{address} has not answered within {Patience.TotalSeconds:0} s.");
        }
        catch (JsonException)
        {
            throw new CtlException($"{address} answers, but not as a node's management API does.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string Reason(string text, HttpResponseMessage answer)
    {
        try
        {
            return JsonDocument.Parse(text).RootElement.GetProperty("message").GetString() ?? answer.ReasonPhrase ?? "";
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return answer.ReasonPhrase ?? "";
        }
    }
}
