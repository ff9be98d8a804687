using System.Net;
using System.Net.Sockets;
using Broker.Protocol.Transport.Channels;
using Broker.Protocol.Transport.Limits;
using Microsoft.Extensions.Logging;

namespace Broker.Protocol.Transport.Epoll;

/// <summary>
/// Accepts on an event loop. Connections go to all loops in turn; where the next one is the acceptor's own, without leaving
/// the thread.
/// </summary>
internal sealed class EpollAcceptor : IAcceptor, IEpollSource
{
    /// <summary>Connections in a row before others of the loop have their turn.</summary>
    private const int MostAccepts = 64;

    private readonly Socket _socket;
    private readonly ListenerOptions _options;
    private readonly EpollEventLoop _loop;
    private readonly ConnectionSetup _setup;
    private readonly AcceptRate? _rate;
    private readonly ILogger _logger;
    private readonly EndPoint _address;
    private ulong _token;
    private bool _isWatched;
    private bool _isClosed;

    public EpollAcceptor(Socket socket, ListenerOptions options, EpollEventLoop loop, ConnectionSetup setup, AcceptRate? rate, ILogger logger)
    {
        _socket = socket;
        _options = options;
        _loop = loop;
        _setup = setup;
        _rate = rate;
        _logger = logger;
        _address = socket.LocalEndPoint!;
        _socket.Blocking = false;
    }

    // Of the loop alone, on which it is also closed: the number cannot be another's.
    private int Descriptor => (int)_socket.SafeHandle.DangerousGetHandle();

    public void Start() => _loop.Execute(Watch);

    public async Task StopAsync()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Execute(() =>
        {
            Close();
            closed.SetResult();
        });

        // A loop that has ended has closed its sources.
        await Task.WhenAny(closed.Task, _loop.TerminationCompletion).ConfigureAwait(false);
        _socket.Dispose();
    }

    public void OnReady(Readiness ready)
    {
        for (int i = 0; i < MostAccepts && !_isClosed; i++)
        {
            if (_rate?.TakeOrWait() is { Ticks: > 0 } wait)
            {
                Hold(wait);
                return;
            }

            int descriptor = PeerAddress.Accept(Descriptor, out EndPoint? peer);
            if (descriptor >= 0)
            {
                _setup.Connect(descriptor, peer!, _address);
                continue;
            }

            int error = LinuxError.Last;
            _rate?.GiveBack();
            if (error == LinuxError.TryAgain)
            {
                return;
            }

            if (LinuxError.IsShortage(error))
            {
                TransportLog.AcceptFailed(_logger, _options.Name, LinuxError.Describe(error), IAcceptor.Pause);
                Hold(IAcceptor.Pause);
                return;
            }

            // The rest is about the one connection, which has ended before it was accepted, or a signal.
        }
    }

    public void Close()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        if (_isWatched)
        {
            _loop.Deregister(Descriptor);
        }

        _socket.Dispose();
    }

    private void Watch()
    {
        if (!_isClosed)
        {
            _token = _loop.Register(Descriptor, this);
            _isWatched = true;
            _loop.Watch(Descriptor, Readiness.Read, _token);
        }
    }

    // Level-triggered, the connection that waits would be told again and again.
    private void Hold(TimeSpan time)
    {
        _loop.ChangeWatch(Descriptor, Readiness.None, _token);
        _loop.Schedule(GoOn, time);
    }

    private void GoOn()
    {
        if (!_isClosed)
        {
            _loop.ChangeWatch(Descriptor, Readiness.Read, _token);
        }
    }
}
