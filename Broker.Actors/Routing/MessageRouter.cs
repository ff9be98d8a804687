using System.Runtime.InteropServices;
using Broker.Actors.Clustering.Links;
using Broker.Actors.Connections;
using Broker.Actors.Retained;
using Broker.Actors.Security;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Actors.Routing;

/// <summary>Brings one publication to everyone who wants it. Called on an event loop; keeps nothing between calls.</summary>
internal sealed partial class MessageRouter(RouteTable routes, RetainedGateway retained, AccessControl access, StoreBacklog backlog)
{
    /// <summary>
    /// Writes to live subscribers of this loop, gathers for those of others and for other nodes, and gathers for durable sessions.
    /// </summary>
    /// <param name="loop">The current event loop.</param>
    /// <param name="publication">The message.</param>
    /// <param name="publisher">The connection that waits for an acknowledgement; null where nobody does.</param>
    /// <param name="packetId">Its packet id; 0 at QoS 0.</param>
    /// <param name="cached">The publisher's last match; replaced where it is of another topic or out of date.</param>
    /// <param name="picks">The members of shared groups that it goes to, where they are written down; null: whoever's turn it is.</param>
    /// <param name="completed">Called on any thread once everyone has taken it, where the result is pending.</param>
    /// <returns>What is still to be waited for, or null.</returns>
    public RouteResult Route(
        EventLoopContext loop,
        Publication publication,
        ClientConnection? publisher,
        ushort packetId,
        ref CachedMatch cached,
        SharedPicks? picks = null,
        Action? completed = null)
    {
        // The retained write is numbered before the match is made, so that a SUBSCRIBE in between sees one or the other (hard case 10).
        var retainedNumber = publication.Retain ? retained.Begin(publication) : 0;
        publication.RetainedNumber = retainedNumber;
        cached.Refresh(routes.Tree, access, publication.Topic);
        PendingPublish? pending = null;
        if (publication.QoS != QualityOfService.AtMostOnce && (cached.HasDurable || retainedNumber != 0))
        {
            pending = new PendingPublish(publisher, packetId, publication.QoS, completed);
        }

        var delivery = new Routing(loop, publication, publisher, pending, cached.Result.Recipients.Length + cached.Result.Groups.Length > 1);
        var taken = false;
        var recipients = cached.Result.Recipients;
        for (var i = 0; i < recipients.Length; i++)
        {
            taken |= DeliverTo(delivery, recipients[i]);
        }

        var groups = cached.Result.Groups;
        for (var i = 0; i < groups.Length; i++)
        {
            taken |= DeliverToOne(delivery, groups[i], tried: null, picks?.Of(groups[i])) == Handed.ToConnection;
        }

        if (loop.Targets.Count + cached.Result.Nodes.Length > 0)
        {
            DeliverElsewhere(delivery, cached.Result.Nodes);
        }

        if (retainedNumber != 0)
        {
            retained.Submit(retainedNumber, publication, pending);
        }

        if (pending is null)
        {
            return new RouteResult(null, taken ? ReasonCode.Success : ReasonCode.NoMatchingSubscribers, retainedNumber != 0);
        }

        if (taken)
        {
            pending.MarkTaken();
        }

        return pending.Seal(backlog, publication.Size)
            ? new RouteResult(null, pending.ReasonCode)
            : new RouteResult(pending, ReasonCode.Success, pending.NeedsStore);
    }

    private static bool DeliverTo(in Routing routing, Recipient recipient)
    {
        var own = recipient.ForOwnMessages;
        if (!ReferenceEquals(own, recipient) && routing.Publication.ClientId == ((SessionSubscriber)recipient.Subscriber).ClientId)
        {
            // No Local [MQTT-3.8.3-3]: only the subscriptions without it count.
            return own is not null && Send(routing, own) == Handed.ToConnection;
        }

        var handed = Send(routing, recipient);
        if (handed == Handed.ToNobody && ((SessionSubscriber)recipient.Subscriber).Home is { } home)
        {
            AddTarget(routing, home.Node);
        }

        return handed == Handed.ToConnection;
    }

    private static Handed DeliverToOne(in Routing routing, SharedGroup group, List<Subscriber>? tried, Recipient? picked = null)
    {
        while (picked is not null || group.TryPick(CollectionsMarshal.AsSpan(tried), out picked))
        {
            var member = picked;
            picked = null;
            var handed = member.Subscriber is RemoteMember remote
                ? SendTo(routing, remote.Node, remote.Number, member, group, tried)
                : SendToPicked(routing, member, group, tried);
            if (handed != Handed.ToNobody)
            {
                return handed;
            }

            // It has just gone, or takes nothing while it is away: another member's message then (section 4.8.2, hard case 6).
            (tried ??= []).Add(member.Subscriber);
        }

        return Handed.ToNobody;
    }

    /// <summary>A session of this node, or a durable one of any.</summary>
    private static Handed Send(in Routing routing, Recipient recipient)
    {
        var (loop, publication) = (routing.Loop, routing.Publication);
        var subscriber = (SessionSubscriber)recipient.Subscriber;
        var qos = recipient.QoS < publication.QoS ? recipient.QoS : publication.QoS;
        var retain = publication.Retain && recipient.RetainAsPublished;
        if (qos != QualityOfService.AtMostOnce && subscriber.IsDurable)
        {
            routing.Pending?.ExpectWrite();
            loop.DeliverDurable(new SessionDelivery(
                subscriber.ClientId, publication, qos, retain, recipient.SubscriptionIdentifiers, routing.Shareable, routing.Pending));
            return Handed.ToSession;
        }

        if (subscriber.Connection is { } connection)
        {
            loop.Deliver(connection, new Delivery(publication, qos, retain, recipient.SubscriptionIdentifiers, routing.Shareable));
            return Handed.ToConnection;
        }

        return Handed.ToNobody;
    }

    private enum Handed
    {
        /// <summary>No client is connected, and it is not for the session's queue.</summary>
        ToNobody,

        /// <summary>A live subscriber has it.</summary>
        ToConnection,

        /// <summary>On its way to a durable session.</summary>
        ToSession,

        /// <summary>On its way to another node.</summary>
        ToNode,
    }

    /// <summary>One publication on its way.</summary>
    private readonly record struct Routing(
        EventLoopContext Loop, Publication Publication, ClientConnection? Publisher, PendingPublish? Pending, bool Shareable);
}
