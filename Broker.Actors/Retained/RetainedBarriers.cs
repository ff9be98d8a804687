namespace Broker.Actors.Retained;

/// <summary>
/// Which retained writes were, or may have been, matched before the routes of a SUBSCRIBE were known where they started: those are owed from the copy, later
/// ones arrive live (hard case 10). By the node that numbered them.
/// </summary>
/// <param name="self">The uid of this node.</param>
/// <param name="own">The last number of this node.</param>
internal sealed class RetainedBarriers(int self, long own)
{
    private Dictionary<int, Barrier>? _others;

    /// <summary>Of this node.</summary>
    public long Own { get; } = own;

    /// <summary>Whether <see cref="Open"/> has any.</summary>
    public bool IsAwaitingOthers => _others is not null && Open.Any();

    /// <summary>The other nodes that had writes on their way when they took up the routes.</summary>
    public IEnumerable<(int Node, long Number)> Open =>
        _others?.Where(static other => !other.Value.IsReached).Select(static other => (other.Key, other.Value.Number)) ?? [];

    /// <summary>Another node has taken up the routes.</summary>
    /// <param name="node">Its uid.</param>
    /// <param name="number">The last number that it had given.</param>
    /// <param name="isReached">Every copy had its writes up to there.</param>
    public void Add(int node, long number, bool isReached) => (_others ??= [])[node] = new Barrier(number, isReached);

    /// <summary>Whether a write comes behind the barrier of its node, so that it arrives live.</summary>
    public bool IsPassedBy(int origin, long number)
    {
        if (number == 0)
        {
            return false;
        }

        return origin == self ? number > Own : _others is not null && _others.TryGetValue(origin, out var barrier) && number > barrier.Number;
    }

    private readonly record struct Barrier(long Number, bool IsReached);
}
