namespace Broker.Actors.Sessions;

/// <summary>The linked list of entries, in one array.</summary>
internal sealed partial class InflightWindow<T>
{
    private const int None = -1;

    /// <summary>For a spec.</summary>
    internal int Capacity => _entries.Length;

    private void Append(in InflightMessage<T> message)
    {
        _byPacketId ??= [];
        int index = _unused == None ? Count : _unused;
        _byPacketId.Add(message.PacketId, index);
        if (_unused != None)
        {
            _unused = _entries[index].Next;
        }
        else if (index == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Max(SmallestCapacity, index * 2));
        }

        _entries[index] = new Entry { Item = message.Item, PacketId = message.PacketId, State = message.State, Previous = _last, Next = None };
        if (_last == None)
        {
            _first = index;
        }
        else
        {
            _entries[_last].Next = index;
        }

        _last = index;
    }

    private void Remove(ushort packetId, int index)
    {
        _byPacketId!.Remove(packetId);
        (int previous, int next) = (_entries[index].Previous, _entries[index].Next);
        if (previous == None)
        {
            _first = next;
        }
        else
        {
            _entries[previous].Next = next;
        }

        if (next == None)
        {
            _last = previous;
        }
        else
        {
            _entries[next].Previous = previous;
        }

        _entries[index] = new Entry { Item = default!, Next = _unused };
        _unused = index;
        if (Count == 0 && _entries.Length > LargestKept)
        {
            Clear();
        }
    }

    private struct Entry
    {
        public T Item;
        public int Previous;
        public int Next;
        public ushort PacketId;
        public InflightState State;
    }

    /// <summary>In the order of sending.</summary>
    public struct Enumerator(InflightWindow<T> window)
    {
        private int _next = window._first;
        private int _current = None;

        /// <summary>The message at hand.</summary>
        public readonly InflightMessage<T> Current
        {
            get
            {
                ref Entry entry = ref window._entries[_current];
                return new(entry.PacketId, entry.Item, entry.State);
            }
        }

        /// <summary>Goes on.</summary>
        public bool MoveNext()
        {
            if (_next == None)
            {
                return false;
            }

            _current = _next;
            _next = window._entries[_current].Next;
            return true;
        }
    }
}
