namespace Broker.Protocol.Transport.Proxy;

/// <summary>
/// Reads the header of HAProxy's PROXY protocol (proxy-protocol.txt), either version. Nothing that clients of ours begin with looks like one: CONNECT is 0x10, a
/// TLS record 0x16, a WebSocket begins with GET.
/// </summary>
internal static class ProxyHeaderReader
{
    /// <summary>Whether a connection that begins so may begin with a header; true for no bytes at all.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> source) => TextHeader.MayBegin(source) || BinaryHeader.MayBegin(source);

    /// <summary>Reads a header at the beginning of <paramref name="source"/>; false while it is not complete.</summary>
    /// <exception cref="ProxyProtocolException">It is no header, or breaks a rule of it.</exception>
    public static bool TryRead(ReadOnlySpan<byte> source, out ProxyHeader header)
    {
        header = default;
        return source.Length > 0
            && (TextHeader.MayBegin(source) ? TextHeader.TryRead(source, out header)
                : BinaryHeader.MayBegin(source) ? BinaryHeader.TryRead(source, out header)
                : throw new ProxyProtocolException("it begins with no PROXY header"));
    }
}
