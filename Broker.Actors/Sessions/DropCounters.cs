using Broker.Actors.Connections;

namespace Broker.Actors.Sessions;

/// <summary>Messages that the sessions of this node dropped, by reason. Any thread.</summary>
internal sealed class DropCounters
{
    private readonly long[] _counts = new long[Enum.GetValues<DropReason>().Length];

    public void Add(DropReason reason, int count = 1) => Interlocked.Add(ref _counts[(int)reason], count);

    public long this[DropReason reason] => Interlocked.Read(ref _counts[(int)reason]);
}
