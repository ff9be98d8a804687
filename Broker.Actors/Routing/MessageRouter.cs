using System.Runtime.InteropServices;
using Broker.Actors.Connections;
using Broker.Actors.Retained;
using Broker.Actors.Security;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Actors.Routing;

/// <summary>Brings one publication to everyone who wants it. Called on an event loop; keeps nothing between calls.</summary>
internal sealed class MessageRouter(RouteTable routes, RetainedGateway retained, AccessRules access)
{
    /// <summary>
    /// Writes to live subscribers of this loop, gathers for those of others, and gathers for durable sessions.
    /// </summary>
    /// <param name="loop">The current event loop.</param>
    /// <param name="publication">The message.</param>
    /// <param name="publisher">The connection that waits for an acknowledgement; null where nobody does.</param>
    /// <param name="packetId">Its packet id; 0 at QoS 0.</param>
    /// <param name="cached">The publisher's last match; replaced where it is of another topic or out of date.</param>
    /// <param name="completed">Called on any thread once everyone has taken it, where the result is pending.</param>
    /// <returns>What is still to be waited for, or null.</returns>
    public RouteResult Route(
        EventLoopContext loop,
        Publication publication,
        ClientConnection? publisher,
        ushort packetId,
        ref CachedMatch cached,
        Action? completed = null)
    {
        // The retained write is numbered before the match is made, so that a SUBSCRIBE in between sees one or the other (hard case 10).
        var retainedNumber = publication.Retain ? retained.Begin(publication) : 0;
        cached.Refresh(routes.Tree, access, publication.Topic);
        PendingPublish? pending = null;
        if (publication.QoS != QualityOfService.AtMostOnce && (cached.HasDurable || retainedNumber != 0))
        {
            pending = new PendingPublish(publisher, packetId, publication.QoS, completed);
        }

        var taken = false;
        var recipients = cached.Result.Recipients;
        var shareable = recipients.Length + cached.Result.Groups.Length > 1;
        for (var i = 0; i < recipients.Length; i++)
        {
            taken |= DeliverTo(loop, publication, recipients[i], pending, shareable);
        }

        var groups = cached.Result.Groups;
        for (var i = 0; i < groups.Length; i++)
        {
            taken |= DeliverToOne(loop, publication, groups[i], pending, shareable);
        }

        if (retainedNumber != 0)
        {
            retained.Submit(retainedNumber, publication, pending);
        }

        if (pending is null)
        {
            return new RouteResult(null, taken ? ReasonCode.Success : ReasonCode.NoMatchingSubscribers);
        }

        if (taken)
        {
            pending.MarkTaken();
        }

        return pending.Seal() ? new RouteResult(null, pending.ReasonCode) : new RouteResult(pending, ReasonCode.Success);
    }

    private static bool DeliverTo(
        EventLoopContext loop, Publication publication, Recipient recipient, PendingPublish? pending, bool shareable)
    {
        var own = recipient.ForOwnMessages;
        if (!ReferenceEquals(own, recipient) && publication.ClientId == ((SessionSubscriber)recipient.Subscriber).ClientId)
        {
            // No Local [MQTT-3.8.3-3]: only the subscriptions without it count.
            return own is not null && Send(loop, publication, own, pending, shareable) == Handed.ToConnection;
        }

        return Send(loop, publication, recipient, pending, shareable) == Handed.ToConnection;
    }

    private static bool DeliverToOne(
        EventLoopContext loop, Publication publication, SharedGroup group, PendingPublish? pending, bool shareable)
    {
        List<Subscriber>? passedOver = null;
        while (group.TryPick(CollectionsMarshal.AsSpan(passedOver), out var member))
        {
            var handed = Send(loop, publication, member, pending, shareable);
            if (handed != Handed.ToNobody)
            {
                return handed == Handed.ToConnection;
            }

            // It has just gone, or takes nothing while it is away: another member's message then (section 4.8.2, hard case 6).
            (passedOver ??= []).Add(member.Subscriber);
        }

        return false;
    }

    private static Handed Send(
        EventLoopContext loop, Publication publication, Recipient recipient, PendingPublish? pending, bool shareable)
    {
        var subscriber = (SessionSubscriber)recipient.Subscriber;
        var qos = recipient.QoS < publication.QoS ? recipient.QoS : publication.QoS;
        var retain = publication.Retain && recipient.RetainAsPublished;
        if (qos != QualityOfService.AtMostOnce && subscriber.IsDurable)
        {
            pending?.Expect();
            loop.DeliverDurable(
                new SessionDelivery(subscriber.ClientId, publication, qos, retain, recipient.SubscriptionIdentifiers, shareable, pending));
            return Handed.ToSession;
        }

        if (subscriber.Connection is not { } connection)
        {
            return Handed.ToNobody;
        }

        loop.Deliver(connection, new Delivery(publication, qos, retain, recipient.SubscriptionIdentifiers, shareable));
        return Handed.ToConnection;
    }

    private enum Handed
    {
        /// <summary>No client is connected, and it is not for the session's queue.</summary>
        ToNobody,

        /// <summary>A live subscriber has it.</summary>
        ToConnection,

        /// <summary>On its way to a durable session.</summary>
        ToSession,
    }
}
