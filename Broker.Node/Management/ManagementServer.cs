using System.Net;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using Broker.Node.Hosting;
using Broker.Node.Management.Access;
using Broker.Node.Management.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Broker.Node.Management;

/// <summary>The HTTP side of a node: a Kestrel of its own, so that nothing of ASP.NET runs where it is off.</summary>
/// <param name="options">Where it listens, if it does.</param>
/// <param name="sources">What it tells of.</param>
/// <param name="loggers">The node's.</param>
internal sealed class ManagementServer(ManagementOptions options, ManagementSources sources, ILoggerFactory loggers) : IAsyncDisposable
{
    private WebApplication? _application;

    /// <summary>Starts it; its address, or null where it is off.</summary>
    /// <exception cref="StartException">The address cannot be listened on.</exception>
    public async Task<Uri?> StartAsync()
    {
        if (!options.Enabled)
        {
            return null;
        }

        _application = Build();
        try
        {
            await _application.StartAsync();
        }
        catch (Exception problem) when (problem is IOException or SocketException)
        {
            throw ManagementBindFailure.Explain(options, problem);
        }

        return new Uri(_application.Urls.First());
    }

    /// <summary>Stops it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }
    }

    private WebApplication Build()
    {
        // Empty: ASPNETCORE_URLS and appsettings.json have no say here.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Broker.Node" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(options.Host), options.Port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        ApiDocument.Add(builder.Services);
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var application = builder.Build();
        AccessMiddleware.Use(application, new AccessPolicy(options));
        application.UseRouting();
        HealthEndpoints.Map(application, sources.Readiness);
        ClusterEndpoints.Map(application, sources.Cluster);
        new ApiEndpoints(sources).Map(application);
        if (sources.Metrics is { } metrics)
        {
            application.MapPrometheusScrapingEndpoint("/metrics", metrics, configureBranchedPipeline: null, optionsName: null);
        }

        return application;
    }

    /// <summary>Signals are the node's business.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
