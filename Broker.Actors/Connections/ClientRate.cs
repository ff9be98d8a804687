using Broker.Actors.Hosting;
using Broker.Protocol.Transport.Limits;

namespace Broker.Actors.Connections;

/// <summary>What one client may send in a second, messages and bytes. On its event loop only.</summary>
internal sealed class ClientRate
{
    private readonly LimitsOptions _limits;
    private readonly TokenBucket? _messages;
    private readonly TokenBucket? _bytes;

    private ClientRate(LimitsOptions limits, long now)
    {
        _limits = limits;
        _messages = limits.MaxMessageRate > 0 ? new TokenBucket(limits.MaxMessageRate, limits.RateBurst, now) : null;
        _bytes = limits.MaxByteRate > 0 ? new TokenBucket(limits.MaxByteRate, limits.RateBurst, now) : null;
    }

    /// <summary>Null where there is no limit, so that nothing is paid for it.</summary>
    public static ClientRate? For(LimitsOptions limits, long now) => limits.MaxMessageRate > 0 || limits.MaxByteRate > 0 ? new ClientRate(limits, now) : null;

    /// <summary>Whether these limits have the same rates: then what the client owes is owed still.</summary>
    public bool IsOf(LimitsOptions limits) =>
        (_limits.MaxMessageRate, _limits.MaxByteRate, _limits.RateBurst) == (limits.MaxMessageRate, limits.MaxByteRate, limits.RateBurst);

    public void TakeMessage(long now) => _messages?.Take(1, now);

    public void TakeBytes(long bytes, long now) => _bytes?.Take(bytes, now);

    /// <summary>Milliseconds for which nothing may be read; 0: it may be.</summary>
    public long Wait(long now) => Math.Max(_messages?.WaitForOne(now) ?? 0, _bytes?.WaitForOne(now) ?? 0);
}
