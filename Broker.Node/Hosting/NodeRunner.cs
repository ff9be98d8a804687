using Akka.Configuration;
using Broker.Actors.Hosting;
using Broker.Node.Azure;
using Broker.Node.CommandLine;
using Broker.Node.Configuration;
using Broker.Node.Logging;
using Broker.Node.Management;
using Broker.Node.Telemetry;
using DotNetty.Common.Internal.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Broker.Node.Hosting;

/// <summary>
/// Runs one node from start to stop. A node that was removed from its cluster ends with its actor system, and another begins in the same process: the
/// endpoints stay open meanwhile, and say so.
/// </summary>
internal static partial class NodeRunner
{
    /// <summary>How long a clean stop may take, without draining, before the process ends anyway.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Returns once the node has stopped; an <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(LayeredConfiguration configuration, NodeOptions options)
    {
        var isJson = options.Logging.Format == LogFormat.Json;
        if (!isJson)
        {
            Console.WriteLine(ProgramVersion.Line);
        }

        try
        {
            DataDirectory.Prepare(options.Broker.DataDirectory);
            using var levels = new LogLevels(options.Logging);
            using var loggers = LoggerFactory.Create(logging => LoggingSetup.Configure(logging, options.Logging, levels));

            // Who reads JSON reads nothing else.
            var logger = loggers.CreateLogger(typeof(NodeRunner));
            Action<string> say = isJson ? line => LogSaid(logger, line) : Console.WriteLine;
            if (isJson)
            {
                say(ProgramVersion.Line);
            }

            StartWarnings.Tell(options, loggers);

            // DotNetty tells of exceptions in its tasks here and nowhere else.
            InternalLoggerFactory.DefaultFactory = loggers;
            using var signals = new StopSignals(TimeProvider.System, Environment.Exit);
            var current = new CurrentNode();
            using var manager = new ServiceManager(() => current.Readiness, Environment.GetEnvironmentVariable, TimeProvider.System);

            var limits = new LiveLimits(configuration, options.Broker.Limits) { Changed = now => current.Node?.Apply(now) };
            using var telemetry = NodeTelemetry.Start(options.Telemetry, options.Management.Enabled);

            // Open before the broker starts and until it has stopped, so that a probe always gets an answer.
            await using var management = new ManagementServer(options.Management, Sources(current, limits, telemetry, levels), loggers);
            var managementAddress = await management.StartAsync();
            signals.Listen();
            await using var service = await WindowsServiceHost.StartAsync(signals.OnSignal, Longest(options.Broker.Drain));
            await using var maintenance = new MaintenanceWatch(
                options.Azure, options.Broker.Drain.Wait, current, TimeProvider.System, loggers.CreateLogger<MaintenanceWatch>());
            maintenance.Start();
            while (true)
            {
                using var host = Build(configuration, options, levels);
                current.Node = Begin(host.Services.GetRequiredService<BrokerNode>(), limits);
                if (await RunAsync(host, options, signals, managementAddress, manager, say) is { } exitCode)
                {
                    await maintenance.ApproveAsync();
                    return exitCode;
                }

                current.Node = null;
            }
        }
        catch (Exception problem)
        {
            await Console.Error.WriteLineAsync(StartProblem.Explain(problem) ?? $"The node has failed: {problem}");
            return ExitCode.Failure;
        }
    }

    private static ManagementSources Sources(CurrentNode current, LiveLimits limits, NodeTelemetry telemetry, LogLevels levels) => new()
    {
        Readiness = () => current.Readiness,
        Cluster = () => current.Node?.Cluster,
        Inspection = () => current.Node?.Inspection,
        Settings = () => [.. EffectiveConfiguration.Rows(limits.Configuration)],
        Limits = limits.Describe,
        LogLevels = levels,
        Metrics = telemetry.Provider,
    };

    /// <summary>A node that takes the place of another has the limits that were changed since.</summary>
    private static BrokerNode Begin(BrokerNode node, LiveLimits limits)
    {
        node.SetLimit = limits.TrySet;
        node.Apply(limits.Now);
        return node;
    }

    private static IHost Build(LayeredConfiguration configuration, NodeOptions options, LogLevels levels)
    {
        // Empty: no appsettings.json, no DOTNET_ or ASPNETCORE_ variables, no command line. HOCON is the only source.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "Broker.Node" });
        LoggingSetup.Configure(builder.Logging, options.Logging, levels);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Longest(options.Broker.Drain));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var hocon = configuration.Effective;
        ConfigurePbm(ref hocon);
        builder.Services.AddMqttBroker(options.Broker, hocon);
        return builder.Build();
    }

    /// <summary>Null: this node has ended, and another is to begin.</summary>
    private static async Task<int?> RunAsync(IHost host, NodeOptions options, StopSignals signals, Uri? managementAddress, ServiceManager manager, Action<string> say)
    {
        var node = host.Services.GetRequiredService<BrokerNode>();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(
            host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping, signals.Stop);
        _ = node.Ended.ContinueWith(_ => stopping.CancelAsync(), TaskScheduler.Default);
        try
        {
            await host.StartAsync(stopping.Token);
            await node.Started.WaitAsync(stopping.Token);
        }
        catch (Exception interrupted) when (signals.Received || node.HasEnded)
        {
            // Asked to stop before it was up: whatever the start broke off with is a consequence.
            LogInterrupted(host.Services.GetRequiredService<ILogger<BrokerNode>>(), interrupted);
            return await StopAsync(host, node, signals, options, say);
        }
        catch
        {
            await EndAsync(host);
            throw;
        }

        foreach (var line in StartReport.Lines(options.Broker, node.Listeners, $"{node.Address}", managementAddress, options.Management.Tokens.Count > 0))
        {
            say(line);
        }

        StartPbm(host.Services, node);
        manager.Ready();
        await WaitForStopAsync(stopping.Token);
        if (signals.Received || node.IsLeaving)
        {
            manager.Stopping();
        }

        return await StopAsync(host, node, signals, options, say);
    }

    private static async Task<int?> StopAsync(IHost host, BrokerNode node, StopSignals signals, NodeOptions options, Action<string> say)
    {
        try
        {
            // The host gives up after its own timeout.
            await host.StopAsync();
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"The node has not stopped cleanly within {Longest(options.Broker.Drain).TotalSeconds:0} s.");
            return ExitCode.Failure;
        }

        if (signals.Received || node.IsLeaving)
        {
            return ExitCode.Clean;
        }

        if (node.HasEnded)
        {
            say("The node begins anew.");
            return null;
        }

        await Console.Error.WriteLineAsync("The node has stopped by itself; its log says why.");
        return ExitCode.Failure;
    }

    private static TimeSpan Longest(DrainOptions drain) => StopTimeout + drain.TurnWait + drain.Deadline;

    /// <summary>Whatever has started is stopped; what fails on the way is a consequence of why the start failed.</summary>
    private static async Task EndAsync(IHost host)
    {
        try
        {
            await host.StopAsync();
        }
        catch (Exception consequence) when (consequence is not OutOfMemoryException)
        {
            LogInterrupted(host.Services.GetRequiredService<ILogger<BrokerNode>>(), consequence);
        }
    }

    private static async Task WaitForStopAsync(CancellationToken stopping)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stopping.Register(stop.SetResult);
        await stop.Task;
    }

    [LoggerMessage(LogLevel.Information, "{Said}")]
    private static partial void LogSaid(ILogger logger, string said);

    [LoggerMessage(LogLevel.Debug, "The start was broken off")]
    private static partial void LogInterrupted(ILogger logger, Exception interrupted);

    /// <summary>Petabridge.Cmd's settings, in a build that has it; nothing otherwise.</summary>
    static partial void ConfigurePbm(ref Config hocon);

    /// <summary>Petabridge.Cmd, in a build that has it; nothing otherwise.</summary>
    static partial void StartPbm(IServiceProvider services, BrokerNode node);

    /// <summary>Whichever node the process runs now.</summary>
    private sealed class CurrentNode : IMaintainedNode
    {
        private volatile BrokerNode? _node;
        private volatile string? _turningAway;
        private volatile bool _isLeaving;

        public BrokerNode? Node
        {
            get => _node;
            set
            {
                _node = value;
                value?.TurnAway(_turningAway);
                if (_isLeaving)
                {
                    value?.LeaveWithin(TimeSpan.Zero);
                }
            }
        }

        public Readiness Readiness => Node?.Readiness ?? new Readiness(false, "starting");

        public void LeaveWithin(TimeSpan available)
        {
            _isLeaving = true;
            Node?.LeaveWithin(available);
        }

        public void TurnAway(string? reason)
        {
            _turningAway = reason;
            Node?.TurnAway(reason);
        }
    }

    /// <summary>Signals are the process's business.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
