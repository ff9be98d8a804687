using Broker.Actors.Clustering.Links;
using Broker.Actors.Connections;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Actors.Routing;

/// <summary>To other nodes: a publication crosses each link once, a shared group's pick goes to its one connection.</summary>
internal sealed partial class MessageRouter
{
    /// <summary>
    /// On <see cref="SharedPick.Loop"/>: the member that was picked on another node cannot take the message, so another one does. What its publisher has waited
    /// for is over.
    /// </summary>
    public void PickAgain(SharedPick pick)
    {
        var routing = new Routing(pick.Loop, pick.Publication, null, pick.Pending, Shareable: false);
        var handed = Handed.ToNobody;
        foreach (var group in routes.Tree.Match(pick.Publication.Topic).Groups)
        {
            if (group.ShareName == pick.Group.ShareName && group.Filter == pick.Group.Filter)
            {
                handed = DeliverToOne(routing, group, pick.Tried);
            }
        }

        pick.Pending.Complete(handed == Handed.ToConnection ? DeliveryOutcome.Accepted : DeliveryOutcome.NoSession);
    }

    private static void AddTarget(in Routing routing, RemoteNode node)
    {
        var targets = routing.Loop.Targets;
        if (!targets.Contains(node))
        {
            targets.Add(node);
        }
    }

    private static void DeliverElsewhere(in Routing routing, RemoteNode[] nodes)
    {
        // Nodes where durable sessions that get it at QoS 0 are connected are there already.
        var targets = routing.Loop.Targets;
        foreach (var node in nodes)
        {
            AddTarget(routing, node);
        }

        foreach (var node in targets)
        {
            if (!routing.Publication.IsOfThisNode && MayGo(routing, node))
            {
                routing.Loop.LinkTo(node).Add(routing.Publication, routing.Pending);
            }
        }

        targets.Clear();
    }

    /// <summary>A member that is on this node, or whose session is durable.</summary>
    private static Handed SendToPicked(in Routing routing, Recipient member, SharedGroup group, List<Subscriber>? tried)
    {
        if (((SessionSubscriber)member.Subscriber).Connection is { } connection && !connection.MayReceive(routing.Publication.Topic))
        {
            // Its right has been withdrawn: the message is for another member.
            return Handed.ToNobody;
        }

        var handed = Send(routing, member);
        return handed == Handed.ToNobody && ((SessionSubscriber)member.Subscriber).Home is { } home
            ? SendTo(routing, home.Node, home.Number, member, group, tried)
            : handed;
    }

    private static Handed SendTo(in Routing routing, RemoteNode node, long connection, Recipient member, SharedGroup group, List<Subscriber>? tried)
    {
        var publication = routing.Publication;
        if (publication.IsOfThisNode || !MayGo(routing, node))
        {
            return Handed.ToNobody;
        }

        var qos = member.QoS < publication.QoS ? member.QoS : publication.QoS;
        var pick = qos == QualityOfService.AtMostOnce || routing.Pending is not { } pending
            ? null
            : new SharedPick(publication, group, [.. tried ?? [], member.Subscriber], pending, routing.Loop);
        routing.Loop.LinkTo(node).Add(
            publication, connection, qos, publication.Retain && member.RetainAsPublished, member.SubscriptionIdentifiers, pick);
        return Handed.ToNode;
    }

    /// <summary>At QoS 0 not to a node that is behind; above, the publisher is held until it has caught up.</summary>
    private static bool MayGo(in Routing routing, RemoteNode node)
    {
        if (node.IsGone)
        {
            return false;
        }

        if (node.IsCongested)
        {
            if (routing.Publication.QoS == QualityOfService.AtMostOnce)
            {
                if (routing.Publisher is { } client)
                {
                    client.Drop(routing.Publication, DropReason.LinkFull);
                }
                else
                {
                    routing.Loop.Counters.Drop(DropReason.LinkFull);
                }

                return false;
            }

            if (routing.Publisher is { } publisher)
            {
                node.Hold(publisher);
            }
        }

        return true;
    }
}
