using System.Text;
using Broker.Actors.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Broker.Node.Management;

/// <summary>What orchestrators and load balancers ask.</summary>
internal static class HealthEndpoints
{
    /// <summary><c>/alive</c>: the process runs. <c>/ready</c>: 200 where clients may be sent here, else 503; one line says why.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, Func<Readiness> readiness)
    {
        endpoints.MapGet("/alive", static context => AnswerAsync(context, StatusCodes.Status200OK, "alive"));
        endpoints.MapGet("/ready", context =>
        {
            var now = readiness();
            return AnswerAsync(context, now.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, now.Reason);
        });
    }

    private static async Task AnswerAsync(HttpContext context, int status, string line)
    {
        var body = Encoding.UTF8.GetBytes(line + "\n");
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body);
    }
}
