using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>A packet and its bytes, made by hand from the standard, in the notation of <see cref="Wire"/>.</summary>
/// <param name="Name">Shown by the test runner.</param>
/// <param name="Peer">Who sends it.</param>
/// <param name="Version">The version in force.</param>
/// <param name="Bytes">The whole packet.</param>
/// <param name="Packet">What it says.</param>
/// <param name="IsCanonical">False: the encoder says the same in other bytes.</param>
public sealed record WireExample(
    string Name, PeerRole Peer, ProtocolVersion Version, string Bytes, Packet Packet, bool IsCanonical = true)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Version} {Name}";
}
