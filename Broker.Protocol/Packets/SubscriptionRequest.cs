namespace Broker.Protocol.Packets;

/// <summary>When retained messages are sent on SUBSCRIBE (section 3.8.3.1).</summary>
public enum RetainHandling : byte
{
    /// <summary>At every SUBSCRIBE.</summary>
    SendAtSubscribe = 0,

    /// <summary>Only where the subscription did not exist.</summary>
    SendIfNew = 1,

    /// <summary>Never.</summary>
    DoNotSend = 2,
}

/// <summary>One topic filter of a SUBSCRIBE, with its options (section 3.8.3.1).</summary>
/// <param name="Filter">
/// As received. The decoder checks that it is well-formed UTF-8 and not empty; whether it is a valid topic filter is
/// the broker's to answer, filter by filter, in SUBACK.
/// </param>
/// <param name="QoS">Highest QoS wanted.</param>
/// <param name="NoLocal">Not the messages of this very client id.</param>
/// <param name="RetainAsPublished">Keep the RETAIN flag as published.</param>
/// <param name="RetainHandling">When retained messages are sent.</param>
public sealed record SubscriptionRequest(
    string Filter,
    QualityOfService QoS,
    bool NoLocal = false,
    bool RetainAsPublished = false,
    RetainHandling RetainHandling = RetainHandling.SendAtSubscribe);
