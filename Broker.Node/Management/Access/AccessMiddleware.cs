using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Broker.Node.Management.Access;

/// <summary>Asks <see cref="AccessPolicy"/> before anything is answered.</summary>
internal static class AccessMiddleware
{
    private const string Scheme = "Bearer ";

    public static void Use(IApplicationBuilder application, AccessPolicy policy) => application.Use(async (context, next) =>
    {
        var verdict = policy.Judge(Describe(context));
        if (verdict.IsGranted)
        {
            await next(context);
            return;
        }

        if (verdict.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        context.Response.Headers.CacheControl = "no-store";
        await Results.Json(new Message(verdict.Reason), ManagementJson.Default, statusCode: verdict.Status).ExecuteAsync(context);
    });

    private static AccessRequest Describe(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        return new AccessRequest
        {
            Path = context.Request.Path.Value ?? "",
            IsRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method),
            IsLocal = context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address),
            Token = authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..].Trim() : null,
            Host = context.Request.Host.Host.Trim('[', ']'),
            HasOrigin = context.Request.Headers.ContainsKey(HeaderNames.Origin) || context.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site",
        };
    }
}
