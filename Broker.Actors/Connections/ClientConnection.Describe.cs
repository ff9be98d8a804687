using Broker.Actors.Inspection;

namespace Broker.Actors.Connections;

/// <summary>What operators see of the connection.</summary>
internal sealed partial class ClientConnection
{
    /// <summary>Milliseconds since 1970 UTC.</summary>
    private long _connectedAt;

    /// <summary>The name of the listener that it came by.</summary>
    internal string Listener => _channel.Listener;

    /// <summary>Once connected. Any thread: what changes meanwhile may be seen or not.</summary>
    /// <param name="node">This one.</param>
    internal ClientRow Describe(string node)
    {
        var holds = _holds;
        return new ClientRow(
            ClientId,
            node,
            $"{RemoteAddress}",
            Listener,
            Names.Of(Version),
            UserName,
            DateTimeOffset.FromUnixTimeMilliseconds(_connectedAt),
            _keepAliveTimeout / 1500,
            IsDurable,
            (long)_sessionExpiry.TotalSeconds,
            Waiting.Messages,
            [.. Enum.GetValues<HoldReasons>().Where(reason => reason != HoldReasons.None && holds.HasFlag(reason)).Select(static reason => reason.Name())]);
    }
}
