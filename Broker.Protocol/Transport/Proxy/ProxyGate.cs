using System.Net;

namespace Broker.Protocol.Transport.Proxy;

/// <summary>Decides what a connection of a listener may begin with: a header counts only from where the operator's proxies are, otherwise anybody could name any address.</summary>
internal sealed class ProxyGate
{
    private readonly ListenerOptions _options;

    private ProxyGate(ListenerOptions options) => _options = options;

    /// <summary>Null where the listener knows no headers.</summary>
    public static ProxyGate? For(ListenerOptions options) => options.ProxyProtocol == ProxyProtocolMode.Off ? null : new ProxyGate(options);

    /// <summary>Whether headers from there are believed.</summary>
    public bool Trusts(EndPoint peer)
    {
        if (Addresses.Unmapped(peer) is not IPEndPoint { Address: var address })
        {
            return false;
        }

        foreach (IPNetwork range in _options.ProxyTrusted)
        {
            if (range.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Looks at what has come so far; false: more is needed. A header of length 0 is none.</summary>
    /// <exception cref="ProxyProtocolException">The connection is refused.</exception>
    public bool TryPass(ReadOnlySpan<byte> received, EndPoint peer, out ProxyHeader header)
    {
        header = default;
        if (received.IsEmpty)
        {
            return false;
        }

        if (!Trusts(peer))
        {
            return TryPassStranger(received);
        }

        if (_options.ProxyProtocol == ProxyProtocolMode.Optional && !ProxyHeaderReader.MayBegin(received))
        {
            return true;
        }

        return ProxyHeaderReader.TryRead(received, out header);
    }

    private bool TryPassStranger(ReadOnlySpan<byte> received)
    {
        if (_options.ProxyProtocol == ProxyProtocolMode.Required || ProxyHeaderReader.MayBegin(received))
        {
            throw new ProxyProtocolException($"mqtt.listeners.{_options.Name}.proxy-trusted does not name it, and {Why()}");
        }

        return true;
    }

    private string Why() =>
        _options.ProxyProtocol == ProxyProtocolMode.Required ? "others may not connect here (proxy-protocol = required)" : "it sends a PROXY header";
}
