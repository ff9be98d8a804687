using Broker.Actors.Connections;
using Broker.Actors.Metrics;
using Broker.Actors.Retained;
using Broker.Actors.Routing;
using Broker.Actors.Security;
using Broker.Actors.Storage.Encoding;
using Broker.Protocol.Packets;

namespace Broker.Actors.Clustering.Links;

/// <summary>
/// Brings what a link has brought to this node's connections. It matches here, in the order of the envelopes, and hands each event loop its part: whatever
/// loop a connection is on, it gets a publisher's messages in their order. Single-threaded.
/// </summary>
internal sealed class LinkDispatcher(
    RouteTable routes, RetainedGateway retained, AccessControl access, EventLoops loops, ConnectionDirectory directory)
{
    private readonly LinkDelivery?[] _deliveries = new LinkDelivery?[loops.All.Count];
    private readonly LinkDelivery?[] _spare = new LinkDelivery?[loops.All.Count];

    /// <summary>Hands over all of an envelope. Nothing here waits for a client: what a link brings is always taken (hard case 11).</summary>
    /// <exception cref="FormatException">It is no envelope's content; what came before the fault is handed over.</exception>
    public void Dispatch(IReadOnlyList<ReadOnlyMemory<byte>> contents, LinkTaking taking)
    {
        try
        {
            var picks = 0;
            for (var i = 0; i < contents.Count; i++)
            {
                var reader = new ByteReader(contents[i].Span);
                while (!reader.IsAtEnd)
                {
                    var item = LinkItemCodec.Read(ref reader, taking.Inbox.Topics);
                    if (item.Publication.Properties is { UserProperties: { Count: > 0 } properties } && MessageSpans.IsOn)
                    {
                        GoOn(item.Publication, properties);
                    }

                    if (item.Connection == 0)
                    {
                        Match(item, taking);
                    }
                    else
                    {
                        Direct(item, item.IsTracked ? picks++ : -1, taking);
                    }
                }
            }
        }
        finally
        {
            HandOver(taking);
        }
    }

    /// <summary>The trace that the publisher has brought goes on here.</summary>
    private void GoOn(Publication publication, IReadOnlyList<UserProperty> properties)
    {
        if (MessageSpans.Brought(properties) is { } context)
        {
            publication.Stamp = loops.Times.Stamp();
            loops.Times.Spans.Arrived(publication.Stamp, context);
        }
    }

    private void Match(in LinkItem item, LinkTaking taking)
    {
        var publication = item.Publication;
        if (publication.RetainedNumber != 0)
        {
            // Before anyone gets it: what the copy has of the topic is out of date from here on (hard case 10).
            retained.Remote.Announce(publication.Topic, taking.Inbox.Uid, publication.RetainedNumber);
        }

        item.Topic.Match.Refresh(routes.Tree, access, publication.Topic);
        var recipients = item.Topic.Match.Result.Recipients;
        var shareable = recipients.Length > 1;
        foreach (var recipient in recipients)
        {
            var subscriber = (SessionSubscriber)recipient.Subscriber;
            if (subscriber.Connection is not { } connection)
            {
                continue;
            }

            var wanted = recipient;
            if (!ReferenceEquals(recipient.ForOwnMessages, recipient) && publication.ClientId == subscriber.ClientId)
            {
                // No Local [MQTT-3.8.3-3].
                if (recipient.ForOwnMessages is not { } own)
                {
                    continue;
                }

                wanted = own;
            }

            var qos = wanted.QoS < publication.QoS ? wanted.QoS : publication.QoS;
            if (qos != QualityOfService.AtMostOnce && subscriber.IsDurable)
            {
                // The publisher's node has sent it to the session's entity.
                continue;
            }

            Add(
                connection,
                new Delivery(publication, qos, publication.Retain && wanted.RetainAsPublished, wanted.SubscriptionIdentifiers, shareable),
                pick: -1,
                taking);
        }
    }

    private void Direct(in LinkItem item, int pick, LinkTaking taking)
    {
        var publication = item.Publication;
        if (directory.Find(item.Connection) is { } connection && connection.MayReceive(publication.Topic))
        {
            Add(connection, new Delivery(publication, publication.QoS, publication.Retain, item.SubscriptionIdentifiers), pick, taking);
        }
        else if (pick >= 0)
        {
            taking.Refuse(pick);
        }
    }

    private void Add(ClientConnection connection, in Delivery delivery, int pick, LinkTaking taking)
    {
        ref var part = ref _deliveries[connection.Loop.Index];
        part ??= (Interlocked.Exchange(ref _spare[connection.Loop.Index], null) ?? new LinkDelivery(connection.Loop, Recycle)).Begin(taking);
        part.Add(connection, delivery, pick);
    }

    /// <summary>The loop is done with it. Any thread.</summary>
    private void Recycle(LinkDelivery delivery) => Volatile.Write(ref _spare[delivery.Loop.Index], delivery);

    private void HandOver(LinkTaking taking)
    {
        for (var i = 0; i < _deliveries.Length; i++)
        {
            if (_deliveries[i] is { } part)
            {
                _deliveries[i] = null;
                part.Send();
            }
        }

        taking.Complete();
    }
}
