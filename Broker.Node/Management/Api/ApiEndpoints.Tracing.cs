using System.Text.Json;
using Broker.Actors.Tracing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Broker.Node.Management.Api;

/// <summary>
/// What happens to a client, as it happens. POST, so that it takes an operator: it lets nodes work for who asks, and shows what a client does and when, which the
/// lists that a viewer may read do not.
/// </summary>
internal sealed partial class ApiEndpoints
{
    private const string JsonLines = "application/x-ndjson";

    private static readonly ReadOnlyMemory<byte> EndOfLine = "\n"u8.ToArray();

    private void MapTracing(RouteGroupBuilder api) => api.MapPost("/trace", Trace)
        .WithSummary("Streams packets and decisions of a client, an address or a topic, a JSON object a line, until the time is up.")
        .Produces<TraceLine>(StatusCodes.Status200OK, JsonLines);

    private Results<PushStreamHttpResult, BadRequest<Message>> Trace(TraceBody body, HttpContext context)
    {
        var request = body.Request;
        return request.Problem is { } problem
            ? TypedResults.BadRequest(new Message(problem))
            : TypedResults.Stream(output => WriteAsync(Inspection.TraceAsync(request, context.RequestAborted), output, context.RequestAborted), JsonLines);
    }

    /// <summary>Each line at once; who reads slowly is waited for.</summary>
    private static async Task WriteAsync(IAsyncEnumerable<TraceLine> lines, Stream output, CancellationToken cancellation)
    {
        try
        {
            await foreach (var line in lines)
            {
                await JsonSerializer.SerializeAsync(output, line, TraceJson.Default.TraceLine, cancellation);
                await output.WriteAsync(EndOfLine, cancellation);
                await output.FlushAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The reader has gone.
        }
    }
}
