using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec;

/// <summary>The packets that decoders of one thread lend: one of each kind, used again and again. One that is needed while it is lent is a new object.</summary>
internal static class LentPackets
{
    private const int Types = 16;

    [ThreadStatic]
    private static Packet?[]? _free;

    /// <summary>One that nobody has now, or null.</summary>
    public static Packet? Take(PacketType type)
    {
        if (_free is not { } free)
        {
            return null;
        }

        Packet? packet = free[(int)type];
        free[(int)type] = null;
        return packet;
    }

    public static void Return(Packet packet) => (_free ??= new Packet?[Types])[(int)packet.Type] = packet;
}
