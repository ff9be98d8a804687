using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Connections;
using Broker.Actors.Routing;

namespace Broker.Actors.Clustering.Links;

/// <summary>
/// Another member, as publications see it: in the subscription tree it stands for all live subscribers that it has, so that it gets one copy. Any thread.
/// </summary>
/// <param name="address">Which process.</param>
/// <param name="index">No other node of this process's life has it.</param>
internal sealed class RemoteNode(UniqueAddress address, int index) : Subscriber
{
    private readonly ConcurrentQueue<ClientConnection> _held = new();
    private volatile bool _isGone;
    private long _bytes;
    private long _publications;

    public UniqueAddress Address { get; } = address;

    /// <summary>Small: it finds the node's output on an event loop.</summary>
    public int Index { get; } = index;

    /// <summary>Its <see cref="NodeLink"/>; set before there is a route to the node.</summary>
    public IActorRef Link { get; set; } = ActorRefs.Nobody;

    /// <summary>It was removed: nothing goes there any more.</summary>
    public bool IsGone => _isGone;

    /// <summary>Bytes handed to the link that the other node has not taken.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Publications that were sent, repeats not counted.</summary>
    public long Publications => Interlocked.Read(ref _publications);

    /// <summary>True: QoS 0 is dropped, and publishers that must reach it are held.</summary>
    public bool IsCongested => Bytes > LinkLimits.High;

    /// <inheritdoc/>
    public override bool IsOnline => !_isGone;

    /// <inheritdoc/>
    internal override bool IsElsewhere => true;

    /// <summary>Reads nothing more from the client until the other node has caught up, or is gone.</summary>
    public void Hold(ClientConnection connection)
    {
        connection.HoldForLink();
        _held.Enqueue(connection);
        if (Bytes < LinkLimits.Low || _isGone)
        {
            // It drained between the question and the hold.
            ReleaseHeld();
        }
    }

    /// <summary>An event loop hands this over.</summary>
    public void Added(int bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>The other node has taken it.</summary>
    public void Taken(int bytes, int publications)
    {
        Interlocked.Add(ref _publications, publications);
        var left = Interlocked.Add(ref _bytes, -bytes);
        if (left < LinkLimits.Low && left + bytes >= LinkLimits.Low)
        {
            ReleaseHeld();
        }
    }

    /// <summary>Removed from the cluster.</summary>
    public void Leave()
    {
        _isGone = true;
        ReleaseHeld();
    }

    private void ReleaseHeld()
    {
        while (_held.TryDequeue(out var connection))
        {
            connection.Loop.Post(connection, ClientConnection.LinkDrainedCommand);
        }
    }
}
