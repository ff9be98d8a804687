using Broker.Protocol.Codec;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>SUBSCRIBE, SUBACK, UNSUBSCRIBE and UNSUBACK (sections 3.8 to 3.11).</summary>
internal static class SubscriptionExamples
{
    private static readonly UserProperty[] Users = [new("k", "v")];

    public static readonly WireExample[] All =
    [
        new(
            "SUBSCRIBE",
            PeerRole.Client,
            ProtocolVersion.V311,
            "82 0E 000A 0003 61 2F 62 01 0003 63 2F 64 02",
            new SubscribePacket
            {
                PacketId = 10,
                Subscriptions = [new("a/b", QualityOfService.AtLeastOnce), new("c/d", QualityOfService.ExactlyOnce)],
            }),
        new(
            "SUBSCRIBE again",
            PeerRole.Client,
            ProtocolVersion.V31,
            "8A 06 0001 <#> 00",
            new SubscribePacket { PacketId = 1, Subscriptions = [new("#", QualityOfService.AtMostOnce)] },
            IsCanonical: false),
        new(
            "SUBSCRIBE to a filter that is the broker's to refuse",
            PeerRole.Client,
            ProtocolVersion.V5,
            "82 08 0001 00 <a#> 00",
            new SubscribePacket { PacketId = 1, Subscriptions = [new("a#", QualityOfService.AtMostOnce)] }),
        new(
            "SUBSCRIBE with everything",
            PeerRole.Client,
            ProtocolVersion.V5,
            "82 1B 0001 0A 0B 80 01 26 <k> <v> <a> 2E <b/+> 11 <c> 00",
            new SubscribePacket
            {
                PacketId = 1,
                SubscriptionIdentifier = 128,
                UserProperties = Users,
                Subscriptions =
                [
                    new("a", QualityOfService.ExactlyOnce, NoLocal: true, RetainAsPublished: true, RetainHandling.DoNotSend),
                    new("b/+", QualityOfService.AtLeastOnce, RetainHandling: RetainHandling.SendIfNew),
                    new("c", QualityOfService.AtMostOnce),
                ],
            }),
        new(
            "SUBACK",
            PeerRole.Server,
            ProtocolVersion.V311,
            "90 06 000A 00 01 02 80",
            new SubAckPacket
            {
                PacketId = 10,
                ReasonCodes = [ReasonCode.GrantedQoS0, ReasonCode.GrantedQoS1, ReasonCode.GrantedQoS2, ReasonCode.UnspecifiedError],
            }),
        new(
            "SUBACK with everything",
            PeerRole.Server,
            ProtocolVersion.V5,
            "90 12 000A 0D 1F <why> 26 <k> <v> 02 A2",
            new SubAckPacket
            {
                PacketId = 10,
                ReasonCodes = [ReasonCode.GrantedQoS2, ReasonCode.WildcardSubscriptionsNotSupported],
                ReasonString = "why",
                UserProperties = Users,
            }),
        new(
            "UNSUBSCRIBE",
            PeerRole.Client,
            ProtocolVersion.V31,
            "A2 0C 0002 0003 61 2F 62 0003 63 2F 64",
            new UnsubscribePacket { PacketId = 2, Filters = ["a/b", "c/d"] }),
        new(
            "UNSUBSCRIBE with a user property",
            PeerRole.Client,
            ProtocolVersion.V5,
            "A2 0D 0002 07 26 <k> <v> <a>",
            new UnsubscribePacket { PacketId = 2, Filters = ["a"], UserProperties = Users }),
        new("UNSUBACK", PeerRole.Server, ProtocolVersion.V311, "B0 02 0002", new UnsubAckPacket { PacketId = 2, ReasonCodes = [] }),
        new(
            "UNSUBACK with everything",
            PeerRole.Server,
            ProtocolVersion.V5,
            "B0 0B 0002 06 1F <why> 00 11",
            new UnsubAckPacket
            {
                PacketId = 2,
                ReasonCodes = [ReasonCode.Success, ReasonCode.NoSubscriptionExisted],
                ReasonString = "why",
            }),
    ];
}
