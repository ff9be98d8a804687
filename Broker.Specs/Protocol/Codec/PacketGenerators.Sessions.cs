using Broker.Protocol.Packets;
using CsCheck;

namespace Broker.Specs.Protocol.Codec;

/// <summary>CONNECT, CONNACK, and the packets of subscriptions.</summary>
internal static partial class PacketGenerators
{
    public static Gen<Packet> Connect(ProtocolVersion version) =>
        version == ProtocolVersion.V5 ? ConnectV5() : ConnectV3(version);

    public static Gen<Packet> ConnAck(ProtocolVersion version) =>
        version == ProtocolVersion.V5 ? ConnAckV5() : ConnAckV3(version);

    public static Gen<Packet> Subscribe(ProtocolVersion version)
    {
        var isV5 = version == ProtocolVersion.V5;
        var request = Gen.Select(
            TopicFilter,
            QoS,
            Gen.Bool,
            Gen.Bool,
            Gen.Int[0, 2],
            (filter, qos, noLocal, asPublished, handling) => isV5
                ? new SubscriptionRequest(filter, qos, noLocal, asPublished, (RetainHandling)handling)
                : new SubscriptionRequest(filter, qos));
        return Gen.Select(
            PacketId,
            isV5 ? MaybeValue(SubscriptionIdentifier) : Gen.Const((uint?)null),
            request.Array[1, 5],
            isV5 ? UserProperties : NoUserProperties,
            (id, identifier, requests, users) => (Packet)new SubscribePacket
            {
                PacketId = id,
                SubscriptionIdentifier = identifier,
                Subscriptions = requests,
                UserProperties = users,
            });
    }

    public static Gen<Packet> Unsubscribe(ProtocolVersion version) => Gen.Select(
        PacketId,
        TopicFilter.Array[1, 5],
        version == ProtocolVersion.V5 ? UserProperties : NoUserProperties,
        (id, filters, users) => (Packet)new UnsubscribePacket { PacketId = id, Filters = filters, UserProperties = users });

    public static Gen<Packet> SubAck(ProtocolVersion version)
    {
        var isV5 = version == ProtocolVersion.V5;
        byte[] newCodes = [0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2];
        return Gen.Select(
            PacketId,
            Codes([0x00, 0x01, 0x02, 0x80], isV5 ? newCodes : []).Array[1, 5],
            isV5 ? Maybe(Text) : Never<string>(),
            isV5 ? UserProperties : NoUserProperties,
            (id, codes, reason, users) => (Packet)new SubAckPacket
            {
                PacketId = id,
                ReasonCodes = codes,
                ReasonString = reason,
                UserProperties = users,
            });
    }

    public static Gen<Packet> UnsubAck(ProtocolVersion version) =>
        version != ProtocolVersion.V5
            ? PacketId.Select(id => (Packet)new UnsubAckPacket { PacketId = id, ReasonCodes = [] })
            : Gen.Select(
                PacketId,
                Codes([0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91], []).Array[1, 5],
                Maybe(Text),
                UserProperties,
                (id, codes, reason, users) => (Packet)new UnsubAckPacket
                {
                    PacketId = id,
                    ReasonCodes = codes,
                    ReasonString = reason,
                    UserProperties = users,
                });

    private static Gen<WillMessage?> Will(bool isV5) => Maybe(Gen.Select(
        TopicName,
        Binary,
        QoS,
        Gen.Bool,
        isV5 ? Gen.UInt : Gen.Const(0u),
        isV5 ? Maybe(MessageProperties) : Never<PublishProperties>(),
        (topic, payload, qos, retain, delay, properties) => new WillMessage
        {
            Topic = topic,
            Payload = payload,
            QoS = qos,
            Retain = retain,
            DelayInterval = delay,
            Properties = properties == new PublishProperties() ? null : properties,
        }));

    private static Gen<Packet> ConnectV3(ProtocolVersion version) => Gen.Select(
        Text,
        Gen.UShort,
        Gen.Bool,
        Gen.Bool,
        Maybe(Text),
        MaybeValue(Binary),
        Will(isV5: false),
        (clientId, keepAlive, clean, bridge, userName, password, will) => (Packet)new ConnectPacket
        {
            Version = version,
            ClientId = clientId,
            KeepAlive = keepAlive,
            CleanStart = clean,
            IsBridge = bridge,
            UserName = userName,
            Password = userName is null ? null : password,
            Will = will,
            SessionExpiryInterval = clean ? 0 : uint.MaxValue,
        });

    private static Gen<Packet> ConnectV5() => Gen.Select(
        Gen.Select(Text, Gen.UShort, Maybe(Text), MaybeValue(Binary)),
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool),
        Gen.Select(MaybeValue(Gen.UInt), MaybeValue(Gen.UShort[1, ushort.MaxValue]), MaybeValue(Gen.UInt[1, uint.MaxValue]), Gen.UShort),
        Authentication,
        Will(isV5: true),
        UserProperties,
        (who, flags, limits, authentication, will, users) => (Packet)new ConnectPacket
        {
            Version = ProtocolVersion.V5,
            ClientId = who.Item1,
            KeepAlive = who.Item2,
            UserName = who.Item3,
            Password = who.Item4,
            CleanStart = flags.Item1,
            RequestResponseInformation = flags.Item2,
            RequestProblemInformation = flags.Item3,
            SessionExpiryInterval = limits.Item1,
            ReceiveMaximum = limits.Item2,
            MaximumPacketSize = limits.Item3,
            TopicAliasMaximum = limits.Item4,
            AuthenticationMethod = authentication.Method,
            AuthenticationData = authentication.Data,
            Will = will,
            UserProperties = users,
        });

    private static Gen<Packet> ConnAckV3(ProtocolVersion version) => Gen.Select(
        Codes([0x00, 0x84, 0x85, 0x86, 0x87, 0x88], []),
        Gen.Bool,
        (code, present) => (Packet)new ConnAckPacket
        {
            ReasonCode = code,
            SessionPresent = present && code == ReasonCode.Success && version == ProtocolVersion.V311,
        });

    private static Gen<Packet> ConnAckV5() => Gen.Select(
        Gen.Select(Codes([0x00, 0x80, 0x84, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x9F], []), Gen.Bool),
        Gen.Select(MaybeValue(Gen.UInt), MaybeValue(Gen.UShort[1, ushort.MaxValue]), MaybeValue(Gen.UInt[1, uint.MaxValue]), Gen.UShort),
        Gen.Select(MaybeValue(Gen.Bool), MaybeValue(Gen.Bool), MaybeValue(Gen.Bool), MaybeValue(Gen.Bool)),
        Gen.Select(Maybe(Text), Maybe(Text), Maybe(Text), Maybe(Text)),
        Gen.Select(MaybeValue(Gen.UShort), MaybeValue(Gen.Int[0, 1])),
        Authentication,
        UserProperties,
        (result, limits, available, texts, more, authentication, users) => (Packet)new ConnAckPacket
        {
            ReasonCode = result.Item1,
            SessionPresent = result.Item2 && result.Item1 == ReasonCode.Success,
            SessionExpiryInterval = limits.Item1,
            ReceiveMaximum = limits.Item2,
            MaximumPacketSize = limits.Item3,
            TopicAliasMaximum = limits.Item4,
            RetainAvailable = available.Item1,
            WildcardSubscriptionAvailable = available.Item2,
            SubscriptionIdentifiersAvailable = available.Item3,
            SharedSubscriptionAvailable = available.Item4,
            AssignedClientIdentifier = texts.Item1,
            ResponseInformation = texts.Item2,
            ServerReference = texts.Item3,
            ReasonString = texts.Item4,
            ServerKeepAlive = more.Item1,
            MaximumQoS = (QualityOfService?)more.Item2,
            AuthenticationMethod = authentication.Method,
            AuthenticationData = authentication.Data,
            UserProperties = users,
        });
}
