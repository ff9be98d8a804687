using System.Text.Json.Serialization;
using Broker.Actors.Clustering.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Broker.Node.Management;

/// <summary><c>/ha</c>, and the cluster under Akka.Management's paths, in its form.</summary>
internal static class ClusterEndpoints
{
    /// <summary>Before the node has started they answer 503.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, Func<ClusterOperations?> cluster)
    {
        endpoints.MapGet("/ha", Answer(cluster, static (_, cluster) => Ok(HaAnswer.Of(cluster.Ha))));
        endpoints.MapGet("/cluster/members", Answer(cluster, static (_, cluster) => Ok(cluster.Members)));
        endpoints.MapGet("/cluster/members/{**address}", Answer(cluster, static (context, cluster) =>
            cluster.Find(Address(context)) is { } member ? Ok(member) : NotFound(context)));
        endpoints.MapDelete("/cluster/members/{**address}", Answer(cluster, Leave));
        endpoints.MapPut("/cluster/members/{**address}", AnswerAsync(cluster, PutAsync));
        endpoints.MapGet("/cluster/shards/{region}", AnswerAsync(cluster, ShardsAsync));
    }

    private static RequestDelegate Answer(Func<ClusterOperations?> cluster, Func<HttpContext, ClusterOperations, IResult> answer) =>
        AnswerAsync(cluster, (context, operations) => Task.FromResult(answer(context, operations)));

    private static RequestDelegate AnswerAsync(Func<ClusterOperations?> cluster, Func<HttpContext, ClusterOperations, Task<IResult>> answer) => async context =>
    {
        context.Response.Headers.CacheControl = "no-store";
        var result = cluster() is { } operations
            ? await answer(context, operations)
            : Say("the node has not joined the cluster yet", StatusCodes.Status503ServiceUnavailable);
        await result.ExecuteAsync(context);
    };

    private static IResult Leave(HttpContext context, ClusterOperations cluster) =>
        cluster.Leave(Address(context)) is { } address ? Say($"Leaving {address}") : NotFound(context);

    private static async Task<IResult> PutAsync(HttpContext context, ClusterOperations cluster)
    {
        var operation = context.Request.HasFormContentType ? (await context.Request.ReadFormAsync())["operation"] : context.Request.Query["operation"];
        switch (operation.ToString().ToUpperInvariant())
        {
            case "LEAVE":
                return Leave(context, cluster);
            case "DOWN":
                return cluster.Down(Address(context)) is { } address ? Say($"Downing {address}") : NotFound(context);
            default:
                return Say("operation must be Leave or Down, in a form or in the query", StatusCodes.Status400BadRequest);
        }
    }

    private static async Task<IResult> ShardsAsync(HttpContext context, ClusterOperations cluster)
    {
        var region = (string)context.Request.RouteValues["region"]!;
        return await cluster.ShardsAsync(region, context.RequestAborted) is { } shards
            ? Ok(new Regions(shards))
            : Say($"Shard Region {region} is not started", StatusCodes.Status404NotFound);
    }

    // A client may send "://" and "@" as they are or escaped.
    private static string Address(HttpContext context) => Uri.UnescapeDataString((string)context.Request.RouteValues["address"]!);

    private static IResult Ok<T>(T value) => Results.Json(value, ManagementJson.Default);

    private static IResult Say(string message, int status = StatusCodes.Status200OK) =>
        Results.Json(new Message(message), ManagementJson.Default, statusCode: status);

    private static IResult NotFound(HttpContext context) => Say($"Member [{Address(context)}] not found", StatusCodes.Status404NotFound);
}

/// <summary>What <c>/ha</c> answers; the last three are null where nobody is known to be primary.</summary>
internal sealed record HaAnswer(string Role, string? Primary, DateTimeOffset? Since, long? Term)
{
    public static HaAnswer Of(HaStatus status) => new(status.IsPrimary ? "primary" : "backup", status.Primary, status.Since, status.Term);
}

/// <summary>What <c>/cluster/shards</c> answers.</summary>
internal sealed record Regions([property: JsonPropertyName("regions")] IReadOnlyList<ShardStatus> Shards);

/// <summary>What was done, or why not.</summary>
internal sealed record Message([property: JsonPropertyName("message")] string Text);

/// <summary>Written without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HaAnswer))]
[JsonSerializable(typeof(MembersStatus))]
[JsonSerializable(typeof(MemberDescription))]
[JsonSerializable(typeof(Regions))]
[JsonSerializable(typeof(Message))]
internal sealed partial class ManagementJson : JsonSerializerContext;
