using System.Runtime.InteropServices;
using Broker.Node.CommandLine;
using Microsoft.Extensions.Hosting;

namespace Broker.Node.Hosting;

/// <summary>Ctrl-C and SIGTERM stop the node cleanly; a second one ends the process at once.</summary>
internal sealed class StopSignals(IHostApplicationLifetime lifetime) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _received;

    /// <summary>Whether somebody asked for the stop.</summary>
    public bool Received => Volatile.Read(ref _received) > 0;

    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT })
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _received) > 1)
        {
            Environment.Exit(ExitCode.Failure);
        }

        // Stopping runs callbacks: not on the thread that signals come on, where the second one would wait for them.
        _ = Task.Run(lifetime.StopApplication);
    }
}
