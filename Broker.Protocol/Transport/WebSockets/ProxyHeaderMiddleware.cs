using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Broker.Protocol.Transport.Channels;
using Broker.Protocol.Transport.Proxy;
using Microsoft.AspNetCore.Connections;

namespace Broker.Protocol.Transport.WebSockets;

/// <summary>Takes the PROXY header off a connection before Kestrel sees HTTP or TLS; what <see cref="ProxyHeaderHandler"/> is for TCP.</summary>
internal sealed class ProxyHeaderMiddleware(ListenerContext listener, ProxyGate gate, ConnectionDelegate next)
{
    public async Task InvokeAsync(ConnectionContext connection)
    {
        if (await TryReadHeaderAsync(connection).ConfigureAwait(false))
        {
            await next(connection).ConfigureAwait(false);
        }
    }

    private async Task<bool> TryReadHeaderAsync(ConnectionContext connection)
    {
        bool hasReceived = false;
        try
        {
            using var timeout = new CancellationTokenSource(listener.ConnectTimeout, listener.Time);
            PipeReader input = connection.Transport.Input;
            while (true)
            {
                ReadResult read = await input.ReadAsync(timeout.Token).ConfigureAwait(false);
                hasReceived |= read.Buffer.Length > 0;
                if (TryPass(read.Buffer, connection, out ProxyHeader header))
                {
                    input.AdvanceTo(read.Buffer.GetPosition(header.Length));
                    Name(connection, header.Client);
                    return true;
                }

                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                if (read.IsCompleted)
                {
                    return false;
                }
            }
        }
        catch (ProxyProtocolException refusal)
        {
            Tell(connection, refusal.Message);
        }
        catch (OperationCanceledException) when (hasReceived)
        {
            Tell(connection, $"its PROXY header was not complete within {listener.ConnectTimeout} (mqtt.limits.connect-timeout)");
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // A probe, most often.
        }

        return false;
    }

    private bool TryPass(ReadOnlySequence<byte> received, ConnectionContext connection, out ProxyHeader header) =>
        gate.TryPass(received.IsSingleSegment ? received.FirstSpan : received.ToArray(), Addresses.Unmapped(connection.RemoteEndPoint), out header);

    private static void Name(ConnectionContext connection, EndPoint? client)
    {
        if (client is not null)
        {
            connection.RemoteEndPoint = client;
            connection.Features.Set(new ProxiedClient(client));
        }
    }

    private void Tell(ConnectionContext connection, string reason)
    {
        listener.Refusals.CountProxyHeader();
        TransportLog.ProxyRefused(listener.Logger, Addresses.Unmapped(connection.RemoteEndPoint), listener.Options.Name, reason);
    }
}
