using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Management;

/// <summary>Reads <c>POST /api/v1/trace</c> of a node, line by line.</summary>
internal sealed class TraceReader : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    private TraceReader(HttpClient http, HttpResponseMessage answer, StreamReader lines) => (_http, _answer, _lines) = (http, answer, lines);

    /// <summary>Begins a trace, and waits until so many nodes say that they trace.</summary>
    public static async Task<TraceReader> BeginAsync(Uri management, object body, int nodes = 1, string? token = null)
    {
        // When it is disposed of, the connection ends at once: it does not wait for what else comes.
        var http = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero }) { BaseAddress = management };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/trace") { Content = JsonContent.Create(body) };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        var reader = new TraceReader(http, answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
        for (var node = 0; node < nodes; node++)
        {
            (await reader.NextAsync()).GetProperty("event").GetString().Should().Be("tracing");
        }

        return reader;
    }

    /// <summary>The next line.</summary>
    public async Task<JsonElement> NextAsync() => await ReadAsync() ?? throw new InvalidOperationException("The trace is over.");

    /// <summary>All lines up to the first that fits, which is the last of them.</summary>
    public async Task<List<JsonElement>> UntilAsync(Func<JsonElement, bool> fits)
    {
        var lines = new List<JsonElement>();
        do
        {
            lines.Add(await NextAsync());
        }
        while (!fits(lines[^1]));

        return lines;
    }

    /// <summary>All lines that are left.</summary>
    public async Task<List<JsonElement>> RestAsync()
    {
        var lines = new List<JsonElement>();
        while (await ReadAsync() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _answer.Dispose();
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Null: it is over.</summary>
    private async Task<JsonElement?> ReadAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline.ForPrograms);
        return await _lines.ReadLineAsync(deadline.Token) is { } line ? JsonDocument.Parse(line).RootElement : null;
    }
}

/// <summary>Properties of a line.</summary>
internal static class TraceLines
{
    /// <summary>Empty where it has none.</summary>
    public static string Text(this JsonElement line, string property) => line.TryGetProperty(property, out var value) ? value.ToString() : "";

    /// <summary>What happened, as in <c>sent PUBLISH</c>.</summary>
    public static string What(this JsonElement line) => $"{line.Text("event")} {line.Text("packet")}".TrimEnd();
}
