using Broker.Protocol.Transport.Proxy;

namespace Broker.Specs.Protocol.Fuzz;

/// <summary>The beginning of a connection is a header, the beginning of one, or refused; and what was decided is not changed by what comes behind.</summary>
internal static class ProxyOracle
{
    public static FuzzOutcome Check(byte[] bytes)
    {
        var whole = Read(bytes);
        var decided = false;
        for (var length = 0; length < bytes.Length; length++)
        {
            var part = Read(bytes.AsSpan(0, length));
            if (part.Left == 0 && length > 0)
            {
                decided = true;
                part.Should().Be(whole, "{0} bytes were enough to decide", length);
            }
            else
            {
                decided.Should().BeFalse("fewer than {0} bytes were enough to decide", length);
                ProxyHeaderReader.MayBegin(bytes.AsSpan(0, length)).Should().BeTrue();
            }
        }

        return whole;
    }

    /// <summary>What is behind the header is not left of it: it is not the reader's.</summary>
    private static FuzzOutcome Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (!ProxyHeaderReader.TryRead(bytes, out var header))
            {
                header.Should().Be(default(ProxyHeader));
                return new FuzzOutcome(string.Empty, null, bytes.Length);
            }

            header.Length.Should().BeInRange(8, bytes.Length);
            return new FuzzOutcome($"{header.Length} bytes: {header.Client?.ToString() ?? "nobody"}", null, 0);
        }
        catch (ProxyProtocolException refusal)
        {
            refusal.Message.Should().NotBeNullOrWhiteSpace();
            return new FuzzOutcome(string.Empty, refusal.Message, 0);
        }
    }
}
