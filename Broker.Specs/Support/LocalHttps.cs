using System.Net;
using System.Security.Cryptography.X509Certificates;
using Broker.Specs.EndToEnd.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Broker.Specs.Support;

/// <summary>An HTTPS server on a free port of this machine, with a certificate of an authority of its own.</summary>
internal sealed class LocalHttps : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _application;

    private LocalHttps(Func<HttpContext, Task> handle)
    {
        var certificates = Certificates.In(_folder.FullName);
        CaFile = certificates.AuthorityFile;
        var certificate = X509Certificate2.CreateFromPemFile(certificates.ServerFile, certificates.ServerKeyFile);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener => listener.UseHttps(certificate)));
        _application = builder.Build();
        _application.Run(context =>
        {
            Interlocked.Increment(ref _requests);
            return handle(context);
        });
    }

    private int _requests;

    /// <summary>PEM.</summary>
    public string CaFile { get; }

    /// <summary>Those that have come.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Where it is.</summary>
    public string Url { get; private set; } = "";

    public static async Task<LocalHttps> StartAsync(Func<HttpContext, Task> handle)
    {
        var server = new LocalHttps(handle);
        await server._application.StartAsync();
        var address = server._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        server.Url = $"https://localhost:{new Uri(address).Port}/";
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _folder.Dispose();
    }
}
