using System.Runtime.InteropServices;
using Broker.Actors.Sessions;

namespace Broker.Actors.Storage;

/// <summary>
/// Both sides' handshakes of one session as the writer knows them. Each group writes the image of every session that it touches once, however many steps
/// were made: one row, not one row a step (hard case 12).
/// </summary>
internal sealed class HandshakeImage
{
    private const int MostFloors = 4_096;

    private readonly List<OutboundStep> _window = [];
    private Dictionary<long, long>? _floors;
    private int _head;

    /// <summary>The queue was read up to here. What lies before it and is not in the window is done with.</summary>
    public long ReadPosition { get; set; }

    /// <summary>The highest number of the client's QoS 2 publishes.</summary>
    public long LastNumber { get; set; }

    /// <summary>The client's QoS 2 publishes, by packet id.</summary>
    public Dictionary<ushort, InboundStep> Inbound { get; } = [];

    /// <summary>Sent and not acknowledged, by position.</summary>
    public ReadOnlySpan<OutboundStep> Window => CollectionsMarshal.AsSpan(_window)[_head..];

    /// <summary>Queue rows with lower positions have been removed, by this process.</summary>
    public long RemovedBelow { get; set; }

    /// <summary>The session has ended: nothing of it is written any more.</summary>
    public bool IsDiscarded { get; set; }

    /// <summary>The build of the group that it was last written with, so that a group writes it once.</summary>
    public long Build { get; set; }

    /// <summary>No message before this position is needed any more.</summary>
    public long LowestNeeded()
    {
        foreach (ref readonly var step in Window)
        {
            if (step.PacketId != 0 && step.State != InflightState.AwaitingPubComp)
            {
                return step.Position;
            }
        }

        return ReadPosition + 1;
    }

    /// <summary>Sent under a packet id, or passed over where that is 0.</summary>
    public void Read(long position, ushort packetId, InflightState state)
    {
        ReadPosition = Math.Max(ReadPosition, position);
        if (packetId != 0)
        {
            _window.Add(new OutboundStep(position, packetId, state));
        }
    }

    /// <summary>PUBREC.</summary>
    public void PubRec(long position)
    {
        var index = IndexOf(position);
        if (index >= 0)
        {
            _window[index] = _window[index] with { State = InflightState.AwaitingPubComp };
        }
    }

    /// <summary>The handshake is over.</summary>
    public void Acknowledge(long position)
    {
        var index = IndexOf(position);
        if (index < 0)
        {
            return;
        }

        // Left in place until what was sent before it is acknowledged too, which is soon: nothing moves on the way.
        _window[index] = _window[index] with { PacketId = 0 };
        while (_head < _window.Count && _window[_head].PacketId == 0)
        {
            _head++;
        }

        if (_head == _window.Count || _head > 1_024)
        {
            _window.RemoveRange(0, _head);
            _head = 0;
        }
    }

    /// <summary>True: numbers of this origin below <paramref name="lowest"/> have not been removed from the received ones yet.</summary>
    public bool RaiseFloor(long origin, long lowest)
    {
        _floors ??= [];
        if (_floors.TryGetValue(origin, out var floor) && floor >= lowest)
        {
            return false;
        }

        if (_floors.Count >= MostFloors)
        {
            // Many publishers have come and gone. What is forgotten here costs a removal of nothing.
            _floors.Clear();
        }

        _floors[origin] = lowest;
        return true;
    }

    private int IndexOf(long position)
    {
        var index = CollectionsMarshal.AsSpan(_window)[_head..].BinarySearch(new OutboundStep(position, 0, default));
        return index < 0 ? -1 : index + _head;
    }
}

/// <summary>An outbound message between PUBLISH and its last acknowledgement; packet id 0: acknowledged.</summary>
internal readonly record struct OutboundStep(long Position, ushort PacketId, InflightState State) : IComparable<OutboundStep>
{
    /// <inheritdoc/>
    public int CompareTo(OutboundStep other) => Position.CompareTo(other.Position);
}

/// <summary>An inbound QoS 2 message between PUBLISH and PUBREL.</summary>
internal readonly record struct InboundStep(long Number, bool IsRouted, byte[]? Picks);
