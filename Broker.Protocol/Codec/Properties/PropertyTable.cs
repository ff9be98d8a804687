using static Broker.Protocol.Codec.Properties.PropertyId;

namespace Broker.Protocol.Codec.Properties;

/// <summary>
/// Which property may stand where (table 2-4 of the standard), and which more than once. What only one side may send in
/// a packet that both sides may is checked where that packet is read.
/// </summary>
internal static class PropertyTable
{
    private static readonly ulong[] Allowed = BuildAllowed();

    /// <summary>Whether the identifier is known and may stand there.</summary>
    public static bool IsAllowed(PropertyScope scope, int id) => id < 64 && (Allowed[(int)scope] & (1UL << id)) != 0;

    /// <summary>Whether it may stand there more than once.</summary>
    public static bool MayRepeat(PropertyScope scope, PropertyId id) =>
        id == UserProperty || (id == SubscriptionIdentifier && scope == PropertyScope.Publish);

    private static ulong[] BuildAllowed()
    {
        var allowed = new ulong[16];
        var reason = Set(ReasonString);
        var message = Set(PayloadFormatIndicator, MessageExpiryInterval, ContentType, ResponseTopic, CorrelationData);
        var authentication = Set(AuthenticationMethod, AuthenticationData);
        var limits = Set(SessionExpiryInterval, ReceiveMaximum, TopicAliasMaximum, MaximumPacketSize);

        allowed[(int)PropertyScope.Will] = message | Set(WillDelayInterval);
        allowed[(int)PropertyScope.Connect] =
            limits | authentication | Set(RequestProblemInformation, RequestResponseInformation);
        allowed[(int)PropertyScope.ConnAck] =
            limits | authentication | reason
            | Set(AssignedClientIdentifier, ServerKeepAlive, ResponseInformation, ServerReference, MaximumQoS, RetainAvailable)
            | Set(WildcardSubscriptionAvailable, SubscriptionIdentifiersAvailable, SharedSubscriptionAvailable);
        allowed[(int)PropertyScope.Publish] = message | Set(SubscriptionIdentifier, TopicAlias);
        allowed[(int)PropertyScope.Subscribe] = Set(SubscriptionIdentifier);
        allowed[(int)PropertyScope.PubAck] = reason;
        allowed[(int)PropertyScope.PubRec] = reason;
        allowed[(int)PropertyScope.PubRel] = reason;
        allowed[(int)PropertyScope.PubComp] = reason;
        allowed[(int)PropertyScope.SubAck] = reason;
        allowed[(int)PropertyScope.UnsubAck] = reason;
        allowed[(int)PropertyScope.Disconnect] = reason | Set(SessionExpiryInterval, ServerReference);
        allowed[(int)PropertyScope.Auth] = reason | authentication;
        for (var scope = 0; scope < allowed.Length; scope++)
        {
            allowed[scope] |= Set(UserProperty);
        }

        return allowed;
    }

    private static ulong Set(params ReadOnlySpan<PropertyId> ids)
    {
        var set = 0UL;
        foreach (var id in ids)
        {
            set |= 1UL << (int)id;
        }

        return set;
    }
}
