using Broker.Actors.Clustering.Links;
using Broker.Protocol.Packets;

namespace Broker.Actors.Routing;

/// <summary>
/// A subscriber and how it receives: one subscription as it stands in the tree, or (<see cref="MergedRecipient"/>)
/// several that match one topic. Immutable once published.
/// </summary>
/// <remarks>
/// The tree holds one of these for each subscription and a match hands out the very same objects, so a match allocates
/// none unless subscriptions overlap.
/// </remarks>
internal class Recipient : IKeyed<Subscriber>
{
    /// <summary>One subscription's.</summary>
    public Recipient(Subscriber subscriber, SubscriptionOptions options)
        : this(subscriber, options, options.NoLocal)
    {
    }

    /// <summary>For a shared group, where No Local means nothing.</summary>
    public static Recipient Shared(Subscriber subscriber, SubscriptionOptions options) => new(subscriber, options, noLocal: false);

    private protected Recipient(Recipient other)
    {
        Subscriber = other.Subscriber;
        IsNode = other.IsNode;
        QoS = other.QoS;
        RetainAsPublished = other.RetainAsPublished;
        SubscriptionIdentifiers = other.SubscriptionIdentifiers;
    }

    private Recipient(Subscriber subscriber, SubscriptionOptions options, bool noLocal)
    {
        Subscriber = subscriber;
        IsNode = subscriber is RemoteNode;
        QoS = options.QoS;
        RetainAsPublished = options.RetainAsPublished;
        NoLocal = noLocal;
        SubscriptionIdentifiers = options.SubscriptionIdentifier == 0 ? null : [options.SubscriptionIdentifier];
    }

    /// <summary>Who.</summary>
    public Subscriber Subscriber { get; }

    /// <summary>Whether it is a <see cref="RemoteNode"/>: said here, because a match in a large tree waits for memory at each further object that it looks into.</summary>
    public bool IsNode { get; }

    /// <summary>The highest of all its matching subscriptions [MQTT-3.3.4-2].</summary>
    public QualityOfService QoS { get; private protected set; }

    /// <summary>Whether any of its matching subscriptions asks for the RETAIN flag as published.</summary>
    public bool RetainAsPublished { get; private protected set; }

    /// <summary>Those of all its matching subscriptions that have one [MQTT-3.3.4-4]; null when none has. Not to be written to.</summary>
    public uint[]? SubscriptionIdentifiers { get; private protected set; }

    /// <summary>
    /// What holds for messages that the subscriber itself published: the merge of its subscriptions without No Local
    /// [MQTT-3.8.3-3]; null when it must not receive them.
    /// </summary>
    public virtual Recipient? ForOwnMessages => NoLocal ? null : this;

    /// <summary>Of the one subscription behind it.</summary>
    internal bool NoLocal { get; }

    /// <summary>As they were given, No Local of a shared subscription apart.</summary>
    internal SubscriptionOptions Options => new(QoS, NoLocal, RetainAsPublished, SubscriptionIdentifiers is [var identifier, ..] ? identifier : 0);

    Subscriber IKeyed<Subscriber>.Key => Subscriber;
}
