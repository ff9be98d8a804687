using Broker.Actors.Hosting;

namespace Broker.Actors.Connections;

/// <summary>A client that sends faster than it may is read from more slowly: TCP tells it, and nothing is dropped.</summary>
internal sealed partial class ClientConnection
{
    private static readonly TimerCallback RatePaidCallback =
        static connection => ((ClientConnection)connection!).Loop.Post((ClientConnection)connection!, ConnectionProtocol.RatePaid.Instance);

    // From CONNACK on; null: as fast as it can.
    private ClientRate? _rate;
    private ITimer? _ratePaid;

    /// <summary>Other limits hold than before. What the client has been told in its CONNACK stays.</summary>
    internal void ApplyLimits()
    {
        if (_phase != Phase.Connected)
        {
            return;
        }

        var limits = _context.Limits;
        _rate = _rate?.IsOf(limits) == true ? _rate : ClientRate.For(limits, Loop.Tick);
        _waiting?.Limit(maxMessages: 0, limits.MaxOutboundBuffer, QueueFullPolicy.DropOldest);
        _session!.ApplyLimits(limits);
        if ((_holds & HoldReasons.Rate) != 0)
        {
            OnRatePaid();
        }
    }

    private void CountMessage(ClientRate rate)
    {
        rate.TakeMessage(Loop.Tick);
        HoldForRate(rate);
    }

    private void CountBytes(ClientRate rate, long bytes)
    {
        rate.TakeBytes(bytes, Loop.Tick);
        HoldForRate(rate);
    }

    private void HoldForRate(ClientRate rate)
    {
        if ((_holds & HoldReasons.Rate) != 0 || rate.Wait(Loop.Tick) is not (> 0 and var wait))
        {
            return;
        }

        Hold(HoldReasons.Rate);
        if (_ratePaid is null)
        {
            ConnectionLog.HeldForRate(_context.Logger, _shownClientId, RemoteAddress);
            _ratePaid = _context.Time.CreateTimer(RatePaidCallback, this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        Await(wait);
    }

    private void OnRatePaid()
    {
        // What was under way when it was held is paid for as well.
        if (_rate is { } rate && rate.Wait(Loop.Tick) is > 0 and var wait)
        {
            Await(wait);
        }
        else
        {
            Release(HoldReasons.Rate);
        }
    }

    private void Await(long milliseconds) => _ratePaid!.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
}
