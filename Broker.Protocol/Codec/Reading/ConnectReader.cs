using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Reading;

/// <summary>CONNECT (section 3.1).</summary>
internal static class ConnectReader
{
    /// <summary>Sets <paramref name="version"/> before anything that depends on it can fail.</summary>
    public static ConnectPacket Read(ref PacketReader body, ref ProtocolVersion version)
    {
        ProtocolLevel.Read(ref body, ref version, out var isBridge);
        var flags = new ConnectFlags(body.ReadByte());
        flags.Check(version);
        var keepAlive = body.ReadUInt16();
        var properties = version == ProtocolVersion.V5 ? ConnectProperties.Read(ref body) : ConnectProperties.OfMqtt3(flags.CleanStart);

        var clientId = body.ReadString();
        var will = flags.Will ? WillReader.Read(ref body, flags, version) : null;
        var userName = flags.UserName && !IsLeftOut(body, version) ? body.ReadString() : null;
        var password = flags.Password && !IsLeftOut(body, version) ? body.ReadBinary() : null;

        return new ConnectPacket
        {
            Version = version,
            IsBridge = isBridge,
            ClientId = clientId,
            CleanStart = flags.CleanStart,
            KeepAlive = keepAlive,
            UserName = userName,
            Password = password is null ? default(ReadOnlyMemory<byte>?) : password, // a null array is an empty memory
            Will = will,
            SessionExpiryInterval = properties.Negotiated.SessionExpiryInterval,
            ReceiveMaximum = properties.Negotiated.ReceiveMaximum,
            MaximumPacketSize = properties.Negotiated.MaximumPacketSize,
            TopicAliasMaximum = properties.Negotiated.TopicAliasMaximum,
            RequestResponseInformation = properties.RequestResponseInformation,
            RequestProblemInformation = properties.RequestProblemInformation,
            AuthenticationMethod = properties.Negotiated.Authentication.Method,
            AuthenticationData = properties.Negotiated.Authentication.Data,
            UserProperties = properties.UserProperties,
        };
    }

    /// <summary>In MQTT 3.1 the remaining length goes before the flags of user name and password.</summary>
    private static bool IsLeftOut(PacketReader body, ProtocolVersion version) => version == ProtocolVersion.V31 && body.IsAtEnd;
}
