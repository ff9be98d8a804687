namespace Broker.Actors.Sessions;

/// <summary>
/// Packet identifiers 1 to 65,535 in turn (section 2.2.1): as long as possible passes before one is used again. What is
/// in use is known to its owner alone.
/// </summary>
internal struct PacketIdAllocator
{
    private ushort _last;

    /// <summary>
    /// The next one that is no key of <paramref name="inUse"/>. Acknowledgements come in order [MQTT-4.6.0-2], so it is
    /// nearly always the first one looked at.
    /// </summary>
    /// <exception cref="InvalidOperationException">All 65,535 are in use.</exception>
    public ushort Next<TValue>(Dictionary<ushort, TValue>? inUse)
    {
        if (inUse?.Count >= ushort.MaxValue)
        {
            throw new InvalidOperationException("All 65,535 packet identifiers are in use.");
        }

        do
        {
            _last = _last == ushort.MaxValue ? (ushort)1 : (ushort)(_last + 1);
        }
        while (inUse is not null && inUse.ContainsKey(_last));

        return _last;
    }

    /// <summary>Goes on behind <paramref name="packetId"/>, for a window that is restored.</summary>
    public void ContinueAfter(ushort packetId) => _last = packetId;
}
