using Akka.Actor;
using Akka.Event;
using Broker.Actors.Clustering.Links;
using Broker.Actors.Storage.Encoding;

namespace Broker.Actors.Clustering.Routes;

/// <summary>What other members tell, and the table that is read where something of it may be lost.</summary>
internal sealed partial class RouteReplicator
{
    private void OnBatch(RouteWire.Batch batch)
    {
        if (batch.To != SelfUid || !_peers.TryGetValue(batch.From, out var peer) || batch.Stream < peer.Incoming)
        {
            return;
        }

        if (batch.Stream > peer.Incoming)
        {
            if (!batch.BeginsSnapshot)
            {
                // The beginning is on its way again, or was lost.
                return;
            }

            peer.Incoming = batch.Stream;
            peer.Window = new ReceiveWindow();
        }

        switch (peer.Window.Receive(batch.Sequence))
        {
            case LinkArrival.Next:
                TryApply(peer, batch);
                peer.Window.Complete(batch.Sequence);
                Answer(peer, resend: false);
                CheckSynchronized();
                break;
            case LinkArrival.Duplicate:
                Answer(peer, resend: false);
                break;
            case LinkArrival.Gap:
                Answer(peer, resend: true);
                break;
        }
    }

    private void TryApply(RoutePeer peer, RouteWire.Batch batch)
    {
        try
        {
            Apply(peer, batch);
        }
        catch (FormatException problem)
        {
            // Sent again it would be no better.
            _log.Error(problem, "Node {0} told of its routes what this version cannot read", peer.Node.Address);
        }
    }

    private void Apply(RoutePeer peer, RouteWire.Batch batch)
    {
        if (batch.BeginsSnapshot && peer.Replica.IsWhole)
        {
            peer.WaitsForTable = true;
            ReadTable();
        }

        Routes.Apply((tree, durable, routes) =>
        {
            if (batch.BeginsSnapshot)
            {
                peer.Replica.BeginSnapshot();
            }

            var reader = new ByteReader(batch.Changes);
            while (!reader.IsAtEnd)
            {
                peer.Replica.Apply(tree, durable, routes, RouteCodec.Read(ref reader));
            }

            if (batch.EndsSnapshot)
            {
                peer.Replica.EndSnapshot(tree, durable);
            }
        });
    }

    /// <summary>Durable routes belong to no node: what one told some members and not others before it died is in the table.</summary>
    private void ReadTable()
    {
        _mustRead = true;
        if (_isReading)
        {
            return;
        }

        (_isReading, _mustRead) = (true, false);
        _setup.ReadTable().PipeTo(
            Self, success: () => new TableRead(null), failure: problem => new TableRead(problem));
    }

    private void OnTableRead(TableRead read)
    {
        _isReading = false;
        if (read.Problem is { } problem)
        {
            _log.Warning("The table of routes cannot be read, and is tried again: {0}", problem.GetBaseException().Message);
            _mustRead = true;
            return;
        }

        if (_mustRead)
        {
            ReadTable();
            return;
        }

        foreach (var peer in _peers.Values.Where(static peer => peer.WaitsForTable))
        {
            peer.WaitsForTable = false;
            Answer(peer, resend: false);
        }
    }

    private void CheckSynchronized()
    {
        if (_synchronizing.Count > 0 && _peers.Values.All(static peer => peer.Replica.IsWhole))
        {
            _synchronizing.ForEach(static done => done.TrySetResult());
            _synchronizing.Clear();
        }
    }

    private void Answer(RoutePeer peer, bool resend)
    {
        if (!peer.WaitsForTable)
        {
            peer.Replicator.Tell(new RouteWire.Applied(
                SelfUid, peer.Node.Address.Uid, peer.Incoming, peer.Window.Done, resend, _setup.Retained.Barrier()));
        }
    }
}
