namespace Broker.Protocol.Transport.Epoll;

/// <summary>
/// Who owns which descriptor on a loop. A token names descriptor and generation: an event that was gathered for a connection
/// which has been closed since does not reach the next one with the same number.
/// </summary>
internal sealed class EpollSources
{
    private Slot[] _slots = new Slot[64];

    public ulong Add(int descriptor, IEpollSource source)
    {
        if (descriptor >= _slots.Length)
        {
            Array.Resize(ref _slots, Math.Max(descriptor + 1, _slots.Length * 2));
        }

        ref Slot slot = ref _slots[descriptor];
        slot.Source = source;
        slot.Generation++;
        return ((ulong)slot.Generation << 32) | (uint)descriptor;
    }

    public void Remove(int descriptor) => _slots[descriptor].Source = null;

    /// <summary>Null where it has been removed since.</summary>
    public IEpollSource? Find(ulong token)
    {
        ref Slot slot = ref _slots[(uint)token];
        return slot.Generation == (uint)(token >> 32) ? slot.Source : null;
    }

    public IEpollSource[] Snapshot() => [.. _slots.Where(slot => slot.Source is not null).Select(slot => slot.Source!)];

    private struct Slot
    {
        public IEpollSource? Source;
        public uint Generation;
    }
}
