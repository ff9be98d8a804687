using Akka.Actor;
using Broker.Actors.Routing;
using Broker.Actors.Storage.Encoding;
using Broker.Protocol.Packets;

namespace Broker.Actors.Clustering.Links;

/// <summary>What the current round of one event loop gathers for another node. On that loop only.</summary>
internal sealed class LinkOutput(RemoteNode node)
{
    private readonly ByteWriter _writer = new();
    private readonly List<PendingPublish> _pending = [];
    private readonly List<SharedPick> _picks = [];
    private int _count;

    /// <summary>For all subscribers there.</summary>
    public void Add(Publication publication, PendingPublish? pending)
    {
        LinkItemCodec.Write(_writer, publication);
        if (pending is not null)
        {
            pending.Expect();
            _pending.Add(pending);
        }

        Added();
    }

    /// <summary>For one connection there; above QoS 0 <paramref name="pick"/> says what to do where it is gone.</summary>
    public void Add(
        Publication publication, long connection, QualityOfService qos, bool retain, uint[]? subscriptionIdentifiers, SharedPick? pick)
    {
        LinkItemCodec.WriteDirected(_writer, publication, connection, qos, retain, subscriptionIdentifiers);
        if (pick is not null)
        {
            pick.Pending.Expect();
            _picks.Add(pick);
        }

        Added();
    }

    /// <summary>The end of the round.</summary>
    public void HandOver()
    {
        if (_count == 0)
        {
            return;
        }

        var load = new LinkLoad(_writer.Take(), _count, [.. _pending], [.. _picks]);
        _pending.Clear();
        _picks.Clear();
        _count = 0;
        node.Added(load.Content.Length);
        node.Link.Tell(load, ActorRefs.NoSender);
    }

    private void Added()
    {
        _count++;
        if (_writer.Length >= LinkLimits.BatchBytes)
        {
            HandOver();
        }
    }
}
