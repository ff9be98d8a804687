using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec;

/// <summary>A peer broke the rules; the connection ends with this reason code (section 4.13).</summary>
public sealed class MqttProtocolException : Exception
{
    /// <summary>With the reason code to send, and what was wrong, fit for a log line and a reason string.</summary>
    public MqttProtocolException(ReasonCode reasonCode, string message)
        : base(message) => ReasonCode = reasonCode;

    /// <summary>Malformed Packet, Protocol Error, Packet too large, or one that says more.</summary>
    public ReasonCode ReasonCode { get; }
}
