using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Writing;

/// <summary>CONNECT (section 3.1).</summary>
internal static class ConnectWriter
{
    public static void Write(ref PacketWriter writer, ConnectPacket packet, ProtocolVersion version)
    {
        writer.String(version == ProtocolVersion.V31 ? ProtocolLevel.NameOfMqtt31 : ProtocolLevel.Name);
        var bridge = packet.IsBridge && version != ProtocolVersion.V5 ? ProtocolLevel.BridgeBit : 0;
        writer.Byte((byte)((int)version | bridge));
        writer.Byte(Flags(packet, version));
        writer.UInt16(packet.KeepAlive);
        if (version == ProtocolVersion.V5)
        {
            WriteProperties(ref writer, packet);
        }

        writer.String(packet.ClientId);
        if (packet.Will is { } will)
        {
            WriteWill(ref writer, will, version);
        }

        if (packet.UserName is { } userName)
        {
            writer.String(userName);
        }

        if (packet.Password is { } password)
        {
            writer.Binary(password.Span);
        }
    }

    private static byte Flags(ConnectPacket packet, ProtocolVersion version)
    {
        if (packet.Password is not null && packet.UserName is null && version != ProtocolVersion.V5)
        {
            throw new InvalidOperationException("MQTT 3 cannot express a password without a user name.");
        }

        var flags = packet.CleanStart ? 0b10 : 0;
        if (packet.Will is { } will)
        {
            flags |= 0b100 | ((int)will.QoS << 3) | (will.Retain ? 0b10_0000 : 0);
        }

        return (byte)(flags | (packet.Password is null ? 0 : 0b100_0000) | (packet.UserName is null ? 0 : 0b1000_0000));
    }

    private static void WriteProperties(ref PacketWriter writer, ConnectPacket packet)
    {
        var counter = PacketWriter.Counter();
        WriteEachProperty(ref counter, packet);
        if (writer.BeginProperties(counter.Length))
        {
            WriteEachProperty(ref writer, packet);
        }
    }

    private static void WriteEachProperty(ref PacketWriter writer, ConnectPacket packet)
    {
        writer.Property(PropertyId.SessionExpiryInterval, packet.SessionExpiryInterval);
        writer.Property(PropertyId.ReceiveMaximum, packet.ReceiveMaximum);
        writer.Property(PropertyId.MaximumPacketSize, packet.MaximumPacketSize);
        if (packet.TopicAliasMaximum != 0)
        {
            writer.Property(PropertyId.TopicAliasMaximum, (ushort?)packet.TopicAliasMaximum);
        }

        if (packet.RequestResponseInformation)
        {
            writer.Property(PropertyId.RequestResponseInformation, (bool?)true);
        }

        if (!packet.RequestProblemInformation)
        {
            writer.Property(PropertyId.RequestProblemInformation, (bool?)false);
        }

        writer.Property(PropertyId.AuthenticationMethod, packet.AuthenticationMethod);
        writer.Property(PropertyId.AuthenticationData, packet.AuthenticationData);
        writer.UserProperties(packet.UserProperties);
    }

    private static void WriteWill(ref PacketWriter writer, WillMessage will, ProtocolVersion version)
    {
        if (version == ProtocolVersion.V5)
        {
            var counter = PacketWriter.Counter();
            WriteWillProperties(ref counter, will);
            if (writer.BeginProperties(counter.Length))
            {
                WriteWillProperties(ref writer, will);
            }
        }

        writer.String(will.Topic);
        writer.Binary(will.Payload.Span);
    }

    private static void WriteWillProperties(ref PacketWriter writer, WillMessage will)
    {
        if (will.DelayInterval != 0)
        {
            writer.Property(PropertyId.WillDelayInterval, (uint?)will.DelayInterval);
        }

        MessagePropertiesWriter.Write(ref writer, will.Properties, remainingExpirySeconds: null);
    }
}
