namespace Broker.Actors.Clustering.Membership;

/// <summary>
/// Whether this node alone has lost the database, while others renew (hard case 7): it can commit nothing that they could, and hands over what it serves.
/// Where nobody renews, nobody could take it over. Heard by one thread, asked by any.
/// </summary>
/// <param name="patience"><c>mqtt.storage.patience</c>.</param>
/// <param name="time">The clock.</param>
internal sealed class LostDatabaseRule(TimeSpan patience, TimeProvider time)
{
    /// <summary>
    /// For so long others must have had the database before a node that has not goes. Where it was away from all of them and comes back, one node is the first
    /// to notice: the others need the time for a renewal that does not answer and the next one.
    /// </summary>
    public static readonly TimeSpan Grace = Renewals.Patience + (Renewals.Interval * 2);

    /// <summary>Who has renewed since then has the database.</summary>
    private static readonly TimeSpan Fresh = Renewals.Interval * 2;

    private const long Never = long.MinValue;

    private long _othersRenewed = Never;
    private long _othersRenewSince = Never;

    /// <summary>Whether another member has the database, as far as this node has heard.</summary>
    public bool OthersHaveIt => Volatile.Read(ref _othersRenewed) is var heard && heard != Never && time.GetElapsedTime(heard) < Fresh;

    /// <summary>Another member says how long ago it has renewed.</summary>
    public void Hear(TimeSpan sinceRenewal)
    {
        if (sinceRenewal >= Fresh)
        {
            return;
        }

        var now = time.GetTimestamp();
        if (!OthersHaveIt)
        {
            Volatile.Write(ref _othersRenewSince, now);
        }

        Volatile.Write(ref _othersRenewed, now);
    }

    /// <summary>Whether this node, whose own last renewal was so long ago, should go.</summary>
    public bool IsLost(TimeSpan sinceRenewal) =>
        sinceRenewal > (patience > Fresh ? patience : Fresh) && OthersHaveIt && time.GetElapsedTime(Volatile.Read(ref _othersRenewSince)) >= Grace;
}
