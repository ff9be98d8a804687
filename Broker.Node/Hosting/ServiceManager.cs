using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Broker.Actors.Hosting;

namespace Broker.Node.Hosting;

/// <summary>
/// Tells systemd, where it has started the process and wants to know (sd_notify), that the node serves, how it is, that it stops, and that it still runs: a process that
/// cannot say so in time is ended and started again.
/// </summary>
internal sealed class ServiceManager : IDisposable
{
    private const string SocketVariable = "NOTIFY_SOCKET";
    private const string WatchdogVariable = "WATCHDOG_USEC";

    /// <summary>How often the status is told where nobody watches.</summary>
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(10);

    private readonly Func<Readiness> _readiness;
    private readonly Socket? _socket;
    private readonly ITimer? _timer;
    private volatile bool _isStopping;

    /// <param name="readiness">The status that is told.</param>
    /// <param name="environment">What systemd has set, by name; null: nothing.</param>
    /// <param name="time">The clock.</param>
    public ServiceManager(Func<Readiness> readiness, Func<string, string?> environment, TimeProvider time)
    {
        _readiness = readiness;
        if (environment(SocketVariable) is not { Length: > 1 } address)
        {
            return;
        }

        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

        // An address that begins with @ is an abstract one, which begins with a zero byte.
        _socket.Connect(new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address));
        var interval = Interval(environment(WatchdogVariable));
        _timer = time.CreateTimer(_ => Tell($"WATCHDOG=1\n{Status}"), null, interval, interval);
    }

    private string Status => $"STATUS={(_isStopping ? "stopping: " : "")}{_readiness().Reason.ReplaceLineEndings(" ")}";

    /// <summary>The node serves clients.</summary>
    public void Ready() => Tell($"READY=1\n{Status}");

    /// <summary>It goes; with many clients that takes a while.</summary>
    public void Stopping()
    {
        _isStopping = true;
        Tell($"STOPPING=1\n{Status}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        _socket?.Dispose();
    }

    /// <summary>Half of the time after which systemd loses patience, as it advises.</summary>
    private static TimeSpan Interval(string? microseconds) =>
        long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var watchdog) && watchdog > 0 ? TimeSpan.FromMicroseconds(watchdog / 2) : StatusInterval;

    private void Tell(string state)
    {
        try
        {
            _socket?.Send(Encoding.UTF8.GetBytes(state));
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Nobody listens any more: the process is not the worse for it.
        }
    }
}
