using Broker.Actors.Clustering.Operations;
using Broker.Actors.Inspection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Broker.Node.Management.Api;

/// <summary><c>/api/v1</c>: the cluster, from whichever node is asked. The files beside this one hold what can be looked at, and what can be done.</summary>
internal sealed partial class ApiEndpoints(ManagementSources sources)
{
    /// <summary>Where the API is.</summary>
    public const string Root = "/api/v1";

    /// <summary>Where it is described.</summary>
    public const string Document = Root + "/openapi.json";

    private NodeInspection Inspection => sources.Inspection()!;

    private ClusterOperations Cluster => sources.Cluster()!;

    /// <summary>Before the node has started they answer 503.</summary>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOpenApi(Document);
        var api = endpoints.MapGroup(Root).WithTags("v1").AddEndpointFilter(async (context, next) =>
        {
            context.HttpContext.Response.Headers.CacheControl = "no-store";
            if (sources.Inspection() is null || sources.Cluster() is null)
            {
                return TypedResults.Json(new Message("the node has not joined the cluster yet"), statusCode: StatusCodes.Status503ServiceUnavailable);
            }

            return context.Arguments.OfType<PageParameters>().FirstOrDefault()?.Problem is { } problem ? TypedResults.BadRequest(new Message(problem)) : await next(context);
        });
        MapReading(api);
        MapActions(api);
        MapTracing(api);
    }

    private static Ok<Page<T>> Show<T>(Page<T> page) => TypedResults.Ok(PageParameters.Show(page));

    private static NotFound<Message> NotFound(string what) => TypedResults.NotFound(new Message(what));

    private static JsonHttpResult<Message> Unavailable(string why) => TypedResults.Json(new Message(why), statusCode: StatusCodes.Status503ServiceUnavailable);
}
