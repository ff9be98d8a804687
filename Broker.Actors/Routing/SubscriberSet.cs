namespace Broker.Actors.Routing;

/// <summary>
/// What hangs on one filter when it is more than one plain subscription. Read from any thread, written by the tree's
/// writer.
/// </summary>
internal sealed class SubscriberSet
{
    private SlotList<string, SharedGroup>? _groups;
    private int _live;

    /// <summary>The plain subscriptions.</summary>
    public SlotList<Subscriber, Recipient> Recipients { get; } = new();

    /// <summary>The shared subscriptions by share name; null while there are none.</summary>
    public SlotList<string, SharedGroup>? Groups => Volatile.Read(ref _groups);

    /// <summary>Whether nothing hangs on the filter.</summary>
    public bool IsEmpty => Recipients.Count == 0 && _groups is null;

    /// <summary>The only subscription, where it is a plain one; else null.</summary>
    public Recipient? Single
    {
        get
        {
            if (_groups is not null || Recipients.Count != 1)
            {
                return null;
            }

            foreach (Recipient? recipient in Recipients.Slots)
            {
                if (recipient is not null)
                {
                    return recipient;
                }
            }

            return null;
        }
    }

    /// <summary>The writer's: whether a live session of this node has a plain subscription.</summary>
    public bool HasLive => _live > 0;

    /// <summary>Adds (true) or replaces (false) a plain subscription.</summary>
    public bool Put(Recipient recipient, out bool isFirstLive)
    {
        bool added = Recipients.Put(recipient);
        isFirstLive = added && recipient.Subscriber.IsLive && ++_live == 1;
        return added;
    }

    /// <summary>Removes a plain subscription.</summary>
    public bool Remove(Subscriber subscriber, out bool wasLastLive)
    {
        bool removed = Recipients.Remove(subscriber);
        wasLastLive = removed && subscriber.IsLive && --_live == 0;
        return removed;
    }

    /// <summary>Adds (true) or replaces (false) a member of a group.</summary>
    public bool PutShared(string shareName, string filter, Recipient member)
    {
        SharedGroup? group = _groups?.Find(shareName);
        if (group is not null)
        {
            return group.Put(member);
        }

        // Filled before it is published: a group that readers see is never without a member for no reason.
        group = new SharedGroup(shareName, filter);
        group.Put(member);
        SlotList<string, SharedGroup> groups = _groups ?? new();
        groups.Put(group);
        Volatile.Write(ref _groups, groups);
        return true;
    }

    /// <summary>Removes a member, and its group with the last one.</summary>
    public bool RemoveShared(string shareName, Subscriber subscriber)
    {
        SharedGroup? group = _groups?.Find(shareName);
        if (group is null || !group.Remove(subscriber))
        {
            return false;
        }

        if (group.Count == 0)
        {
            _groups!.Remove(shareName);
            if (_groups.Count == 0)
            {
                Volatile.Write(ref _groups, null);
            }
        }

        return true;
    }
}
