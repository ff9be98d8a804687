using Broker.Actors.Draining;
using Broker.Protocol.Packets;
using Broker.Protocol.Transport;

namespace Broker.Actors.Inspection;

/// <summary>Values as operators read them.</summary>
internal static class Names
{
    public static string Of(DrainState state) => state switch
    {
        DrainState.None => "none",
        DrainState.Waiting => "waiting",
        DrainState.Draining => "draining",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static string Of(ListenerType type) => type switch
    {
        ListenerType.Tcp => "tcp",
        ListenerType.Tls => "tls",
        ListenerType.Ws => "ws",
        ListenerType.Wss => "wss",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    public static string Of(ProtocolVersion version) => version switch
    {
        ProtocolVersion.V31 => "3.1",
        ProtocolVersion.V311 => "3.1.1",
        ProtocolVersion.V5 => "5.0",
        _ => throw new ArgumentOutOfRangeException(nameof(version), version, null),
    };
}
