using Broker.Actors.Clustering.Links;
using Broker.Actors.Storage.Encoding;

namespace Broker.Actors.Routing;

/// <summary>
/// The members that were picked in shared groups for one QoS 2 publish: written down before it leaves, so that a publish that is sent again goes to the same ones
/// (section 4.8.2, hard case 4). Immutable.
/// </summary>
internal sealed class SharedPicks
{
    private readonly Pick[] _picks;

    private SharedPicks(Pick[] picks) => _picks = picks;

    /// <summary>One member of each group; null where there is no group.</summary>
    public static SharedPicks? Choose(MatchResult match) => match.Groups.Length == 0 ? null : new SharedPicks(Choose(match.Groups));

    /// <summary>As <see cref="Encode"/> wrote them; null: none.</summary>
    /// <exception cref="FormatException">These are no picks.</exception>
    public static SharedPicks? Decode(byte[]? bytes)
    {
        if (bytes is null)
        {
            return null;
        }

        var reader = new ByteReader(bytes);
        var picks = new Pick[reader.ReadCount()];
        for (var i = 0; i < picks.Length; i++)
        {
            picks[i] = new Pick(reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadNumber());
        }

        return new SharedPicks(picks);
    }

    /// <summary>For the store and for other nodes.</summary>
    public byte[] Encode()
    {
        var writer = new ByteWriter();
        writer.WriteNumber(_picks.Length);
        foreach (var pick in _picks)
        {
            writer.WriteString(pick.ShareName);
            writer.WriteString(pick.Filter);
            writer.WriteString(pick.ClientId);
            writer.WriteNumber(pick.Connection);
        }

        return writer.Take();
    }

    /// <summary>The member that was picked; null: nobody was, or it is a member no more.</summary>
    public Recipient? Of(SharedGroup group)
    {
        foreach (var pick in _picks)
        {
            if (pick.IsOf(group))
            {
                return Find(group, pick);
            }
        }

        return null;
    }

    /// <summary>Null: each group has its pick. Otherwise these, and another member for each group whose pick is gone or that was not there.</summary>
    public static SharedPicks? Renew(SharedPicks? picks, MatchResult match)
    {
        if (match.Groups.Length == 0)
        {
            return null;
        }

        var missing = match.Groups.Where(group => picks?.Of(group) is null && group.Count > 0).ToArray();
        if (missing.Length == 0)
        {
            return null;
        }

        var kept = picks?._picks.Where(pick => !missing.Any(group => pick.IsOf(group))) ?? [];
        return Choose(missing) is { Length: > 0 } chosen ? new SharedPicks([.. kept, .. chosen]) : null;
    }

    private static Pick[] Choose(SharedGroup[] groups)
    {
        var picks = new List<Pick>(groups.Length);
        foreach (var group in groups)
        {
            if (group.TryPick(out var member))
            {
                picks.Add(Of(group, member.Subscriber));
            }
        }

        return [.. picks];
    }

    private static Pick Of(SharedGroup group, Subscriber member) => member switch
    {
        SessionSubscriber { IsDurable: true } durable => new Pick(group.ShareName, group.Filter, durable.ClientId, 0),
        SessionSubscriber live => new Pick(group.ShareName, group.Filter, "", live.Number),
        RemoteMember remote => new Pick(group.ShareName, group.Filter, "", remote.Number),
        _ => throw new InvalidOperationException($"{member.GetType()} is no member of a shared group."),
    };

    private static Recipient? Find(SharedGroup group, Pick pick)
    {
        foreach (var member in group.Members)
        {
            if (member is not null && Of(group, member.Subscriber) == pick)
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>A durable session by its client id, a live one by the number of its connection, which no other has.</summary>
    private readonly record struct Pick(string ShareName, string Filter, string ClientId, long Connection)
    {
        public bool IsOf(SharedGroup group) => ShareName == group.ShareName && Filter == group.Filter;
    }
}
