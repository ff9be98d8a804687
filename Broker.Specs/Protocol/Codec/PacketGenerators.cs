using Broker.Protocol.Codec;
using Broker.Protocol.Packets;
using CsCheck;

namespace Broker.Specs.Protocol.Codec;

/// <summary>
/// Random valid packets that hold only what their version can express, so that they come back from the codec as they
/// went in. <see cref="PacketMutator"/> makes invalid ones of them.
/// </summary>
internal static partial class PacketGenerators
{
    /// <summary>Any packet that this side may send in this version.</summary>
    public static Gen<Packet> From(PeerRole peer, ProtocolVersion version) =>
        peer == PeerRole.Client ? FromClient(version) : FromServer(version);

    /// <summary>Any packet that a client may send, CONNECT included.</summary>
    public static Gen<Packet> FromClient(ProtocolVersion version)
    {
        Gen<Packet>[] common =
        [
            Connect(version), Publish(version, PeerRole.Client), Subscribe(version), Unsubscribe(version),
            Acknowledgement(version, PeerRole.Client), Gen.Const<Packet>(PingReqPacket.Instance), Disconnect(version, PeerRole.Client),
        ];
        return version == ProtocolVersion.V5 ? Gen.OneOf([.. common, Auth(PeerRole.Client)]) : Gen.OneOf(common);
    }

    /// <summary>Any packet that a server may send.</summary>
    public static Gen<Packet> FromServer(ProtocolVersion version)
    {
        Gen<Packet>[] common =
        [
            ConnAck(version), Publish(version, PeerRole.Server), SubAck(version), UnsubAck(version),
            Acknowledgement(version, PeerRole.Server), Gen.Const<Packet>(PingRespPacket.Instance),
        ];
        return version == ProtocolVersion.V5
            ? Gen.OneOf([.. common, Disconnect(version, PeerRole.Server), Auth(PeerRole.Server)])
            : Gen.OneOf(common);
    }

    /// <summary>The same packets for the same seed, encoded.</summary>
    public static byte[][] Corpus(PeerRole peer, ProtocolVersion version, uint seed, int count)
    {
        var random = new PCG(1, seed);
        var generator = From(peer, version);
        var corpus = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            corpus[i] = CodecHarness.Encode(generator.Generate(random, null, out _), version);
        }

        return corpus;
    }

    public static Gen<Packet> Publish(ProtocolVersion version, PeerRole peer)
    {
        var isV5 = version == ProtocolVersion.V5;
        var identifiers = isV5 && peer == PeerRole.Server
            ? Maybe(SubscriptionIdentifier.List[1, 3].Select(list => (IReadOnlyList<uint>)list))
            : Never<IReadOnlyList<uint>>();
        return Gen.Select(
            TopicName,
            Payload,
            QoS,
            Gen.Select(Gen.Bool, Gen.Bool),
            PacketId,
            isV5 ? Gen.Select(Gen.UShort, Gen.Bool) : Gen.Const(((ushort)0, false)),
            identifiers,
            isV5 ? Maybe(MessageProperties) : Never<PublishProperties>(),
            (topic, payload, qos, flags, id, alias, subscriptions, properties) => (Packet)new PublishPacket
            {
                Topic = alias.Item1 > 0 && alias.Item2 ? string.Empty : topic,
                Payload = payload,
                QoS = qos,
                Retain = flags.Item1,
                Duplicate = flags.Item2 && qos > 0,
                PacketId = qos > 0 ? id : (ushort)0,
                TopicAlias = alias.Item1,
                SubscriptionIdentifiers = subscriptions,
                Properties = properties == new PublishProperties() ? null : properties,
            });
    }

    public static Gen<Packet> Acknowledgement(ProtocolVersion version, PeerRole peer)
    {
        var isV5 = version == ProtocolVersion.V5;
        var publishCodes = Codes([0x00, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99], peer == PeerRole.Server ? [0x10] : []);
        var releaseCodes = Codes([0x00, 0x92], []);
        var reason = isV5 ? Maybe(Text) : Never<string>();
        var users = isV5 ? UserProperties : NoUserProperties;
        return Gen.Select(
            Gen.Int[0, 3],
            PacketId,
            isV5 ? publishCodes : Gen.Const(ReasonCode.Success),
            isV5 ? releaseCodes : Gen.Const(ReasonCode.Success),
            reason,
            users,
            (kind, id, code, release, text, user) => (Packet)(kind switch
            {
                0 => new PubAckPacket { PacketId = id, ReasonCode = code, ReasonString = text, UserProperties = user },
                1 => new PubRecPacket { PacketId = id, ReasonCode = code, ReasonString = text, UserProperties = user },
                2 => new PubRelPacket { PacketId = id, ReasonCode = release, ReasonString = text, UserProperties = user },
                _ => new PubCompPacket { PacketId = id, ReasonCode = release, ReasonString = text, UserProperties = user },
            }));
    }

    public static Gen<Packet> Disconnect(ProtocolVersion version, PeerRole peer)
    {
        if (version != ProtocolVersion.V5)
        {
            return Gen.Const<Packet>(new DisconnectPacket());
        }

        byte[] either = [0x00, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99];
        byte[] own = peer == PeerRole.Client ? [0x04] : [0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x9A, 0x9C, 0x9F, 0xA0, 0xA2];
        return Gen.Select(
            Codes(either, own),
            MaybeValue(Gen.UInt),
            Maybe(Text),
            Maybe(Text),
            UserProperties,
            (code, expiry, reason, reference, users) => (Packet)new DisconnectPacket
            {
                ReasonCode = code,
                SessionExpiryInterval = peer == PeerRole.Client ? expiry : null,
                ReasonString = reason,
                ServerReference = peer == PeerRole.Server ? reference : null,
                UserProperties = users,
            });
    }

    public static Gen<Packet> Auth(PeerRole peer) => Gen.Select(
        Codes([0x18], peer == PeerRole.Client ? [0x19] : [0x00]),
        Text,
        MaybeValue(Binary),
        Maybe(Text),
        UserProperties,
        (code, method, data, reason, users) => (Packet)new AuthPacket
        {
            ReasonCode = code,
            AuthenticationMethod = method,
            AuthenticationData = data,
            ReasonString = reason,
            UserProperties = users,
        });

    private static Gen<ReasonCode> Codes(byte[] either, byte[] own) =>
        Gen.OneOf([.. either, .. own]).Select(code => (ReasonCode)code);
}
