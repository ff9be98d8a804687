using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.WindowsServices;

namespace Broker.Node.Hosting;

/// <summary>Answers Windows' service control manager, where that has started the process: its stop is as good as a signal, and the service is there until the node has stopped.</summary>
internal sealed class WindowsServiceHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly TaskCompletionSource _ended;

    private WindowsServiceHost(IHost host, TaskCompletionSource ended) => (_host, _ended) = (host, ended);

    /// <summary>A service is started in the system's own folder; relative paths are meant to begin at the program's.</summary>
    public static void ChangeDirectory()
    {
        if (WindowsServiceHelpers.IsWindowsService())
        {
            Directory.SetCurrentDirectory(AppContext.BaseDirectory);
        }
    }

    /// <summary>Null: the process is no service of Windows.</summary>
    /// <param name="stop">Called on some thread when the service is to stop.</param>
    /// <param name="patience">How long that may take.</param>
    public static async Task<WindowsServiceHost?> StartAsync(Action stop, TimeSpan patience)
    {
        if (!WindowsServiceHelpers.IsWindowsService())
        {
            return null;
        }

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddWindowsService(service => service.ServiceName = "Akka.Mqtt");
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = patience);
        builder.Services.AddHostedService(_ => new Running(ended.Task));
        var host = builder.Build();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stop);
        await host.StartAsync();
        _ = host.WaitForShutdownAsync();
        return new WindowsServiceHost(host, ended);
    }

    /// <summary>The node has stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        _ended.SetResult();
        await _host.StopAsync();
        _host.Dispose();
    }

    /// <summary>Stops when the node has.</summary>
    private sealed class Running(Task ended) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => ended.WaitAsync(cancellationToken);
    }
}
