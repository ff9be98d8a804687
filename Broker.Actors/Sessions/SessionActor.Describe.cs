using Akka.Actor;
using Broker.Actors.Inspection;

namespace Broker.Actors.Sessions;

/// <summary>What operators see of the session.</summary>
internal sealed partial class SessionActor
{
    private void OnDescribe(SessionProtocol.Describe describe)
    {
        describe.ReplyTo.Tell(new SessionProtocol.Described(_connection is null && _state is null && _willPendingFor == 0 ? null : Description()));
        EndIfUnused();
    }

    private SessionDescription Description() => new(
        _clientId,
        _services.Members.Self.Address.ToString(),
        _state is not null,
        _connection is null ? null : (_connection.Node ?? _services.Members.Self).Address.ToString(),
        _expiry == TimeSpan.MaxValue ? null : (long)_expiry.TotalSeconds,
        _will is not null,
        Depth.Messages,
        Depth.Bytes,
        Depth.Inflight,
        _state?.Inbound.Count ?? 0,
        [.. (_state?.Subscriptions.Keys ?? Enumerable.Empty<string>()).Order(StringComparer.Ordinal).Take(PageRequest.MaxLimit)]);
}
