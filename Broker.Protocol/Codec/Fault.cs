using System.Diagnostics.CodeAnalysis;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec;

/// <summary>Throws, out of line so that the readers stay small enough to be inlined.</summary>
internal static class Fault
{
    /// <summary>The bytes cannot be parsed, or the standard calls this very thing malformed (section 4.13.1).</summary>
    [DoesNotReturn]
    public static void Malformed(string what) => throw new MqttProtocolException(ReasonCode.MalformedPacket, what);

    /// <summary>It can be parsed, but the protocol forbids it here (section 4.13.1).</summary>
    [DoesNotReturn]
    public static void Protocol(string what) => throw new MqttProtocolException(ReasonCode.ProtocolError, what);

    /// <summary>A reason code that says more than the two above.</summary>
    [DoesNotReturn]
    public static void With(ReasonCode reasonCode, string what) => throw new MqttProtocolException(reasonCode, what);

    /// <summary>Refused by its fixed header.</summary>
    [DoesNotReturn]
    public static void TooLarge(PacketType type, int size, int limit) =>
        throw new MqttProtocolException(ReasonCode.PacketTooLarge, $"{Name(type)} of {size} bytes where {limit} are allowed");

    /// <summary>A reason code that this packet may not carry in this direction.</summary>
    [DoesNotReturn]
    public static void ForbiddenReason(PacketType type, byte code) =>
        throw new MqttProtocolException(ReasonCode.ProtocolError, $"reason code 0x{code:X2} in {Name(type)}");

    /// <summary>The name as the standard writes it.</summary>
    public static string Name(PacketType type) => type.ToString().ToUpperInvariant();
}
