using Broker.Protocol.Packets;
using static Broker.Protocol.Packets.ProtocolVersion;

namespace Broker.Specs.Conformance.Statements;

/// <summary>Statements that bind servers and that no spec shows, with the reason. The table says so.</summary>
internal static class Exceptions
{
    /// <summary>Conditions that do not arise with this broker.</summary>
    public static IReadOnlyDictionary<(ProtocolVersion Version, string Id), string> Inapplicable { get; } =
        new Dictionary<(ProtocolVersion, string), string>
        {
            [(V311, "MQTT-7.0.0-1")] = "the broker opens no MQTT connection to another server",
        };
}
