using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
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
        using var request = Request(method, path, body);
        try
        {
            using var answer = await _http.SendAsync(request, cancellation);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            return answer.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new CtlException($"{(int)answer.StatusCode}: {Reason(text, answer)}");
        }
        catch (HttpRequestException problem)
        {
            throw NoAnswer(problem);
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw TooLate();
        }
        catch (JsonException)
        {
            throw NoNode();
        }
    }

    /// <summary>An answer that goes on: JSON, an object a line, each as soon as it is there.</summary>
    /// <param name="path">Under <c>/api/v1/</c>.</param>
    /// <param name="body">Sent as JSON.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <exception cref="CtlException">There is none, or it breaks off, and why.</exception>
    public async IAsyncEnumerable<JsonElement> ReadLinesAsync(string path, object body, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var request = Request(HttpMethod.Post, path, body);
        using var answer = await BeginAsync(request, cancellation);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation));
        while (await NextAsync(lines, cancellation) is { } line)
        {
            yield return Parse(line);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> BeginAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return answer.IsSuccessStatusCode
                ? answer
                : throw new CtlException($"{(int)answer.StatusCode}: {Reason(await answer.Content.ReadAsStringAsync(cancellation), answer)}");
        }
        catch (HttpRequestException problem)
        {
            throw NoAnswer(problem);
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw TooLate();
        }
    }

    private JsonElement Parse(string line)
    {
        try
        {
            return JsonDocument.Parse(line).RootElement;
        }
        catch (JsonException)
        {
            throw NoNode();
        }
    }

    private async Task<string?> NextAsync(StreamReader lines, CancellationToken cancellation)
    {
        try
        {
            return await lines.ReadLineAsync(cancellation);
        }
        catch (Exception problem) when (problem is IOException or HttpRequestException)
        {
            throw new CtlException($"{address} has broken off: {problem.Message}. Ask another node.");
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, object? body)
    {
        var request = new HttpRequestMessage(method, $"/api/v1/{path}");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Content = body is null ? null : JsonContent.Create(body);
        return request;
    }

    private CtlException TooLate() => new($"{address} has not answered within {Patience.TotalSeconds:0} s.");

    private CtlException NoNode() => new($"{address} answers, but not as a node's management API does.");

    private CtlException NoAnswer(HttpRequestException problem) =>
        new($"{address} does not answer: {problem.Message}. Is the node running, and is --url its management address (mqtt.management)?");

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
