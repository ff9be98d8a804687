using System.Net;
using System.Net.Sockets;
using Broker.Protocol.Transport.Channels;
using Microsoft.Extensions.Logging;

namespace Broker.Protocol.Transport;

/// <summary>One bound listener. Made by <see cref="MqttTransport.BindAsync"/>.</summary>
public sealed class MqttListener
{
    // Mostly the process is out of file descriptors: give connections the time to end.
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(200);

    private readonly Socket _socket;
    private readonly ConnectionSetup _setup;
    private readonly ILogger _logger;
    private Task _accepting = Task.CompletedTask;
    private volatile bool _stopped;

    internal MqttListener(ListenerOptions options, Socket socket, ConnectionSetup setup, ILogger logger)
    {
        Options = options;
        Address = socket.LocalEndPoint!;
        _socket = socket;
        _setup = setup;
        _logger = logger;
    }

    /// <summary>As configured.</summary>
    public ListenerOptions Options { get; }

    /// <summary>As bound, with the port that the system picked for 0.</summary>
    public EndPoint Address { get; }

    /// <summary>Binds, so that the address is known and taken; connections are refused until <see cref="Start"/>.</summary>
    internal static async Task<Socket> BindAsync(ListenerOptions options, CancellationToken cancellation)
    {
        Socket? socket = null;
        try
        {
            IPAddress address = await Addresses.ResolveAsync(options.Host, cancellation).ConfigureAwait(false);
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(address, options.Port));
            return socket;
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            socket?.Dispose();
            throw BindFailure.Explain(options, exception);
        }
    }

    /// <summary>Listens, and accepts from now on.</summary>
    internal void Start()
    {
        try
        {
            _socket.Listen(Options.Backlog);
        }
        catch (SocketException exception)
        {
            throw BindFailure.Explain(Options, exception);
        }

        _setup.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Closes the listening socket; connections stay.</summary>
    internal async Task StopAsync()
    {
        _stopped = true;
        _socket.Dispose();
        _setup.Stop();
        await _accepting.ConfigureAwait(false);
    }

    private async Task AcceptAsync()
    {
        while (!_stopped)
        {
            try
            {
                _setup.Connect(await _socket.AcceptAsync().ConfigureAwait(false));
            }
            catch (Exception exception) when (_stopped && exception is SocketException or ObjectDisposedException)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever it was, a listener that still listens goes on accepting.
                TransportLog.AcceptFailed(_logger, Options.Name, exception.Message, AcceptPause);
                await Task.Delay(AcceptPause).ConfigureAwait(false);
            }
        }
    }
}
