using System.Diagnostics.CodeAnalysis;

namespace Broker.Actors.Routing;

/// <summary>
/// The members that share one subscription, <c>$share/{ShareName}/{Filter}</c> (section 4.8.2): each message goes to one
/// of them. Picked from on any thread without locks; written by the tree's writer.
/// </summary>
internal sealed class SharedGroup(string shareName, string filter) : IKeyed<string>
{
    /// <summary>After so many lost races a member picked by another thread as well is as good as any.</summary>
    private const int Attempts = 4;

    private readonly SlotList<Subscriber, Recipient> _members = new();

    /// <summary>The slot to look at first: one behind the last one picked, so that skipped members give nobody a double turn.</summary>
    private int _cursor;

    /// <summary>The group's name.</summary>
    public string ShareName { get; } = shareName;

    /// <summary>The filter inside.</summary>
    public string Filter { get; } = filter;

    /// <summary>Members now.</summary>
    public int Count => _members.Count;

    /// <summary>Any thread: the members and holes at this moment.</summary>
    public ReadOnlySpan<Recipient?> Members => _members.Slots;

    string IKeyed<string>.Key => ShareName;

    /// <summary>Whose turn it is: online members in turn; offline ones in turn only when none is online.</summary>
    public bool TryPick([NotNullWhen(true)] out Recipient? member) => TryPick([], out member);

    /// <summary>As <see cref="TryPick(out Recipient?)"/>, passing over those that have been tried already.</summary>
    /// <param name="except">Who must not be picked; a few at most, it is scanned for each candidate.</param>
    /// <param name="member">The member, with the options of its subscription.</param>
    /// <returns>False when there is none left.</returns>
    public bool TryPick(ReadOnlySpan<Subscriber> except, [NotNullWhen(true)] out Recipient? member)
    {
        for (int attempt = 1; ; attempt++)
        {
            int cursor = Volatile.Read(ref _cursor);
            int slot = Candidate(_members.Slots, cursor, except, out member);
            if (member is null)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _cursor, slot + 1, cursor) == cursor || attempt == Attempts)
            {
                return true;
            }
        }
    }

    /// <summary>The writer's: adds (true) or replaces (false).</summary>
    internal bool Put(Recipient member) => _members.Put(member);

    /// <summary>The writer's: whether it was a member.</summary>
    internal bool Remove(Subscriber subscriber) => _members.Remove(subscriber);

    private static int Candidate(ReadOnlySpan<Recipient?> slots, int cursor, ReadOnlySpan<Subscriber> except, out Recipient? member)
    {
        int offline = -1;
        member = null;
        int slot = cursor < slots.Length ? cursor : 0;
        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[slot] is { } candidate && !Contains(except, candidate.Subscriber))
            {
                if (candidate.Subscriber.IsOnline)
                {
                    member = candidate;
                    return slot;
                }

                if (offline < 0)
                {
                    offline = slot;
                    member = candidate;
                }
            }

            if (++slot == slots.Length)
            {
                slot = 0;
            }
        }

        return offline;
    }

    private static bool Contains(ReadOnlySpan<Subscriber> subscribers, Subscriber subscriber)
    {
        foreach (Subscriber one in subscribers)
        {
            if (ReferenceEquals(one, subscriber))
            {
                return true;
            }
        }

        return false;
    }
}
