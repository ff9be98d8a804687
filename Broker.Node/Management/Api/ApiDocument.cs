using Broker.Node.CommandLine;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Broker.Node.Management.Api;

/// <summary>The description of <c>/api/v1</c>, in OpenAPI's form.</summary>
internal static class ApiDocument
{
    private const string TokenScheme = "token";

    public static void Add(IServiceCollection services) => services.AddOpenApi(static document =>
    {
        document.ShouldInclude = static endpoint => endpoint.RelativePath?.StartsWith(ApiEndpoints.Root[1..] + "/", StringComparison.Ordinal) == true;
        document.AddDocumentTransformer(static (description, _, _) =>
        {
            Describe(description);
            return Task.CompletedTask;
        });
    });

    private static void Describe(OpenApiDocument description)
    {
        description.Info = new OpenApiInfo
        {
            Title = "Akka.Mqtt management",
            Version = ProgramVersion.Number,
            Description = "Whichever node is asked, answers are of the whole cluster where nothing else is said. Lists are paged and in the order of client id, filter or topic; "
                + "missing names members that did not answer in time.",
        };

        // The address is the one that it was asked at.
        description.Servers?.Clear();
        description.Components ??= new OpenApiComponents();
        description.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [TokenScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A token of mqtt.management.tokens. Without any there, this machine alone may ask, and needs none.",
            },
        };
    }
}
