using System.Net.Sockets;
using Broker.Protocol.Transport.Limits;
using Microsoft.Extensions.Logging;

namespace Broker.Protocol.Transport.Channels;

/// <summary>Accepts through .NET's sockets.</summary>
internal sealed class SocketAcceptor(Socket socket, string listener, ConnectionSetup setup, AcceptRate? rate, TimeProvider time, ILogger logger) : IAcceptor
{
    private Task _accepting = Task.CompletedTask;
    private volatile bool _stopped;

    public void Start() => _accepting = AcceptAsync();

    public async Task StopAsync()
    {
        _stopped = true;
        socket.Dispose();
        await _accepting.ConfigureAwait(false);
    }

    private async Task AcceptAsync()
    {
        while (!_stopped)
        {
            try
            {
                if (rate?.TakeOrWait() is { Ticks: > 0 } wait)
                {
                    await Task.Delay(wait, time).ConfigureAwait(false);
                    continue;
                }

                setup.Connect(await socket.AcceptAsync().ConfigureAwait(false));
            }
            catch (Exception exception) when (_stopped && exception is SocketException or ObjectDisposedException)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever it was, a listener that still listens goes on accepting.
                TransportLog.AcceptFailed(logger, listener, exception.Message, IAcceptor.Pause);
                await Task.Delay(IAcceptor.Pause).ConfigureAwait(false);
            }
        }
    }
}
