using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Clustering.Wire;

namespace Broker.Actors.Clustering.Membership;

/// <summary>What membership says from node to node.</summary>
internal static class MembershipWire
{
    public static IReadOnlyList<WireFormat> Formats { get; } =
    [
        new WireFormat<PortRefused>(
            "m-ref",
            static (writer, message) =>
            {
                writer.WriteString(message.Node.Address.ToString());
                writer.WriteNumber(message.Node.Uid);
            },
            static (ref reader, _) => new PortRefused(new UniqueAddress(Address.Parse(reader.ReadString()), (int)reader.ReadNumber()))),
        new WireFormat<RenewalAge>(
            "m-age",
            static (writer, message) => writer.WriteNumber(message.Milliseconds),
            static (ref reader, _) => new RenewalAge(reader.ReadNumber())),
    ];
}

/// <summary>The sender has found three times in a row that nobody listens at the node's port.</summary>
internal sealed record PortRefused(UniqueAddress Node) : IWireMessage;

/// <summary>How long ago the sender's registration was renewed.</summary>
internal sealed record RenewalAge(long Milliseconds) : IWireMessage;
