using System.Net;
using Microsoft.AspNetCore.Http;

namespace Broker.Node.Management.Access;

/// <summary>
/// Who may ask the management endpoints for what. Probes are answered to everyone. Without tokens everything else is for this machine alone; with tokens it is for
/// who shows one, from wherever.
/// </summary>
internal sealed class AccessPolicy(ManagementOptions options)
{
    /// <summary>What load balancers ask, which have no token; the answers say nothing that a client would not notice.</summary>
    private static readonly string[] Probes = ["/alive", "/ready", "/ha"];

    private static readonly AccessVerdict Granted = new(StatusCodes.Status200OK, "");

    private readonly TokenTable _tokens = new(options.Tokens);

    /// <summary>Whether this request is answered.</summary>
    public AccessVerdict Judge(AccessRequest request)
    {
        if (request.IsRead && (Probes.Contains(request.Path, StringComparer.OrdinalIgnoreCase)
            || (options.OpenMetrics && string.Equals(request.Path, "/metrics", StringComparison.OrdinalIgnoreCase))))
        {
            return Granted;
        }

        return _tokens.IsEmpty ? JudgeWithoutTokens(request) : JudgeToken(request);
    }

    private static AccessVerdict JudgeWithoutTokens(AccessRequest request)
    {
        if (!request.IsLocal)
        {
            return new AccessVerdict(StatusCodes.Status401Unauthorized, "only probes are answered from other machines: this node has no mqtt.management.tokens");
        }

        // A page in a browser on this machine may send requests here too: under its own name, or under a host name of its own that leads here.
        return request.HasOrigin || !IsThisMachine(request.Host)
            ? new AccessVerdict(StatusCodes.Status403Forbidden, "without mqtt.management.tokens nothing is done for web pages; ask for 127.0.0.1 or localhost")
            : Granted;
    }

    private static bool IsThisMachine(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private AccessVerdict JudgeToken(AccessRequest request)
    {
        if (request.Token is null)
        {
            return new AccessVerdict(StatusCodes.Status401Unauthorized, "a token of mqtt.management.tokens is needed: Authorization: Bearer TOKEN");
        }

        return _tokens.Find(request.Token) switch
        {
            null => new AccessVerdict(StatusCodes.Status401Unauthorized, "the token is none of mqtt.management.tokens"),
            ManagementRole.Viewer when !request.IsRead => new AccessVerdict(StatusCodes.Status403Forbidden, "the token is a viewer's; an operator's is needed to change something"),
            _ => Granted,
        };
    }
}
