using System.Runtime.InteropServices;
using Broker.Node.CommandLine;

namespace Broker.Node.Hosting;

/// <summary>Ctrl-C and SIGTERM stop the node cleanly; a second one ends the process at once.</summary>
/// <param name="time">Tells a second signal from an echo of the first.</param>
/// <param name="end">Ends the process.</param>
internal sealed class StopSignals(TimeProvider time, Action<int> end) : IDisposable
{
    /// <summary>
    /// Programs such as <c>timeout</c> and some shells send one stop to the process and to its group: two signals at once,
    /// and nobody has lost patience.
    /// </summary>
    internal static readonly TimeSpan Echo = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private long? _first;

    /// <summary>Cancelled when somebody asks for the stop.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Whether somebody asked for the stop.</summary>
    public bool Received
    {
        get
        {
            lock (_lock)
            {
                return _first is not null;
            }
        }
    }

    /// <summary>From now on signals come here.</summary>
    public void Listen()
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT })
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                OnSignal();
            }));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _stop.Dispose();
    }

    /// <summary>What each signal does.</summary>
    internal void OnSignal()
    {
        lock (_lock)
        {
            if (_first is { } first)
            {
                if (time.GetElapsedTime(first) >= Echo)
                {
                    end(ExitCode.Failure);
                }

                return;
            }

            _first = time.GetTimestamp();
        }

        // Stopping runs callbacks: not on the thread that signals come on, where the second one would wait for them.
        _ = Task.Run(_stop.Cancel);
    }
}
