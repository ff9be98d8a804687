using Broker.Actors.Hosting;
using Broker.Node.CommandLine;
using Broker.Node.Configuration;
using Broker.Node.Logging;
using Broker.Node.Management;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Broker.Node.Hosting;

/// <summary>Runs one node from start to stop.</summary>
internal static partial class NodeRunner
{
    /// <summary>How long a clean stop may take before the process ends anyway.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Returns once the node has stopped; an <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(LayeredConfiguration configuration, NodeOptions options)
    {
        Console.WriteLine(ProgramVersion.Line);
        try
        {
            DataDirectory.Prepare(options.Broker.DataDirectory);
            using var host = Build(configuration, options);
            return await RunAsync(host, options);
        }
        catch (Exception problem)
        {
            await Console.Error.WriteLineAsync(StartProblem.Explain(problem) ?? $"The node has failed: {problem}");
            return ExitCode.Failure;
        }
    }

    private static IHost Build(LayeredConfiguration configuration, NodeOptions options)
    {
        // Empty: no appsettings.json, no DOTNET_ or ASPNETCORE_ variables, no command line. HOCON is the only source.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "Broker.Node" });
        LoggingSetup.Configure(builder.Logging, options.Logging);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        builder.Services.AddSingleton(services => new StopSignals(
            services.GetRequiredService<IHostApplicationLifetime>(), services.GetRequiredService<TimeProvider>(), Environment.Exit));
        builder.Services.AddSingleton<IHostLifetime>(services => services.GetRequiredService<StopSignals>());
        builder.Services.AddMqttBroker(options.Broker, configuration.Effective);
        return builder.Build();
    }

    private static async Task<int> RunAsync(IHost host, NodeOptions options)
    {
        var node = host.Services.GetRequiredService<BrokerNode>();
        var signals = host.Services.GetRequiredService<StopSignals>();
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

        // Open before the broker starts and until it has stopped, so that a probe always gets an answer.
        await using var management = new ManagementServer(
            options.Management,
            () => stopping.IsCancellationRequested ? new Readiness(false, "stopping") : node.Readiness,
            host.Services.GetRequiredService<ILoggerFactory>());
        var managementAddress = await management.StartAsync();
        try
        {
            await host.StartAsync(stopping);
            await node.Started.WaitAsync(stopping);
        }
        catch (Exception interrupted) when (signals.Received)
        {
            // Asked to stop before it was up: whatever the start broke off with is a consequence.
            LogInterrupted(host.Services.GetRequiredService<ILogger<BrokerNode>>(), interrupted);
            return await StopAsync(host, signals);
        }
        catch
        {
            await host.StopAsync();
            throw;
        }

        foreach (var line in StartReport.Lines(options.Broker, node.Listeners, $"{node.Address}", managementAddress))
        {
            Console.WriteLine(line);
        }

        await WaitForStopAsync(stopping);
        return await StopAsync(host, signals);
    }

    private static async Task<int> StopAsync(IHost host, StopSignals signals)
    {
        try
        {
            // The host gives up after its own timeout.
            await host.StopAsync();
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"The node has not stopped cleanly within {StopTimeout.TotalSeconds:0} s.");
            return ExitCode.Failure;
        }

        if (signals.Received)
        {
            return ExitCode.Clean;
        }

        await Console.Error.WriteLineAsync("The node has stopped by itself; its log says why.");
        return ExitCode.Failure;
    }

    private static async Task WaitForStopAsync(CancellationToken stopping)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stopping.Register(stop.SetResult);
        await stop.Task;
    }

    [LoggerMessage(LogLevel.Debug, "Asked to stop while starting")]
    private static partial void LogInterrupted(ILogger logger, Exception interrupted);
}
