using System.Net;
using Broker.Protocol.Transport.Limits;
using Microsoft.AspNetCore.Connections;

namespace Broker.Protocol.Transport.WebSockets;

/// <summary>Kestrel's sockets, of which no more are accepted than the listener's rate allows; the others wait in the kernel's backlog, as on TCP.</summary>
internal sealed class PacedSockets(IConnectionListenerFactory sockets, AcceptRate rate, TimeProvider time) : IConnectionListenerFactory
{
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await sockets.BindAsync(endpoint, cancellationToken).ConfigureAwait(false), rate, time);

    private sealed class Listener(IConnectionListener listener, AcceptRate rate, TimeProvider time) : IConnectionListener
    {
        private readonly CancellationTokenSource _unbound = new();

        public EndPoint EndPoint => listener.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (!_unbound.IsCancellationRequested && rate.TakeOrWait() is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, time, _unbound.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            // Null where it listens no more.
            return await listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _unbound.CancelAsync().ConfigureAwait(false);
            await listener.UnbindAsync(cancellationToken).ConfigureAwait(false);
        }

        public ValueTask DisposeAsync()
        {
            _unbound.Dispose();
            return listener.DisposeAsync();
        }
    }
}
